/**
 * Key files and signatures as a program: one JSON command in each line of the input, one JSON answer in each of the
 * output.
 */

import { createInterface } from "node:readline";
import { utf8 } from "../src/keyfile/bytes.ts";
import { canonical } from "../src/keyfile/canonical.ts";
import type { Json } from "../src/keyfile/canonical.ts";
import { SigningKey, fingerprint, open, registration } from "../src/keyfile/keyfile.ts";
import { SealedError } from "../src/keyfile/sealed.ts";

interface Given {
  readonly step: keyof typeof STEPS;
  readonly name: string;
  readonly passphrase: string;
  readonly file: string;
  readonly data: string;
  readonly value: Json;
}

const STEPS = {
  canonical: async ({ value }: Given) => canonical(value),
  make: async ({ name, passphrase }: Given) => {
    const key = SigningKey.create(name);
    const file = await key.file(passphrase);
    return { file, key: key.key, fingerprint: fingerprint(key.key) };
  },
  sign: async ({ file, passphrase, data }: Given) => {
    const key = await open(file, passphrase);
    const signature = key.sign(utf8(data));
    return { name: key.name, key: key.key, signature, proof: registration(key, key.name).proof };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const given = JSON.parse(line) as Given;
  let answer: object;
  try {
    answer = { value: await STEPS[given.step](given) };
  } catch (error) {
    if (given.step !== "canonical" && !(error instanceof SealedError)) throw error;
    answer = { error: (error as Error).message };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
