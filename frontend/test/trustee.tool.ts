/**
 * The steps of a trustee as a program: one JSON command in each line of the input, one JSON answer in each line of the
 * output, so that other tests can mix these trustees with those of another implementation.
 */

import { createInterface } from "node:readline";
import { BeleniosError } from "../src/belenios/error.ts";
import { hex } from "../src/belenios/group.ts";
import { Basic } from "../src/belenios/trustee/basic.ts";
import { partialDecryption } from "../src/belenios/trustee/decryption.ts";
import {
  checkedCertificates, newCertificate, polynomial, privateKey, share,
} from "../src/belenios/trustee/pedersen.ts";
import { Seed } from "../src/belenios/trustee/seed.ts";
import { Trustees } from "../src/belenios/trustee/trustees.ts";

/** What a step is given; each takes what it needs. */
interface Given {
  readonly step: keyof typeof STEPS;
  readonly seed: string;
  readonly name: string | null;
  readonly context: string;
  readonly index: number;
  readonly certificates: string[];
  readonly vinput: string;
  readonly share: string | null;
  readonly text: string;
  readonly election: string;
  readonly trustees: string;
  readonly tally: string;
}

const STEPS = {
  seed: () => Seed.random().expose(),
  single: ({ seed, name }: Given) => {
    const basic = Basic.make(Seed.parse(seed), name);
    return { record: basic.json(), id: basic.id() };
  },
  certificate: ({ context, index, seed }: Given) => {
    const certificate = newCertificate(context, index, Seed.parse(seed));
    return { record: certificate.json(), id: certificate.id() };
  },
  check: ({ context, certificates }: Given) => checkedCertificates(context, certificates).map((one) => one.id()),
  polynomial: ({ context, certificates, seed }: Given) => polynomial(context, certificates, Seed.parse(seed)),
  share: ({ context, certificates, seed, vinput }: Given) => share(context, certificates, Seed.parse(seed), vinput),
  key: ({ seed, text }: Given) => String(privateKey(Seed.parse(seed), text)),
  trustees: ({ text }: Given) => {
    const trustees = Trustees.parse(text);
    trustees.check();
    const members = trustees.members().map(({ owner, name }) => ({ owner, name }));
    return { key: hex(trustees.key()), members };
  },
  partial: ({ election, trustees, tally, seed, share: dkey }: Given) =>
    partialDecryption(election, trustees, tally, Seed.parse(seed), dkey),
};

for await (const line of createInterface({ input: process.stdin })) {
  const given = JSON.parse(line) as Given;
  let answer: object;
  try {
    answer = { value: STEPS[given.step](given) };
  } catch (error) {
    if (!(error instanceof BeleniosError)) throw error;
    answer = { error: error.message };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
