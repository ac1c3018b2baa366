/** `tests/vectors/belenios.json`, as far as these tests look at it. */

import { readFileSync } from "node:fs";

/** The root of the repository; the build puts it in. */
declare const ROOT: string;

export interface Election {
  name: string;
  text: string;
  fingerprint: string;
  uuid: string;
  code: string;
  credential: string;
  private_key: string;
  public_key: string;
  questions: { answers: string[]; blank: boolean; min: number; max: number; question: string }[];
  ballots: { choices: number[][]; text: string; sha256: string; tracking_number: string; S: string[] }[];
  wrong: { name: string; text: string }[];
}

export interface Drawn {
  hash_to_field: { tag: string; message: string; scalars: string[] }[];
  hash_group: { purpose: string; message: string; elements: string[]; scalar: string }[];
  points: { name: string; hex: string; element: boolean }[];
  arithmetic: Record<"a" | "b" | "g^a" | "g^b" | "(g^a)^b" | "product" | "quotient" | "a+b" | "a*b", string>[];
  scalars: { text: string; scalar: boolean }[];
  strings: { value: string; json: string }[];
  credentials: { uuid: string; code: string; secret: string; public: string }[];
  signatures: Record<"purpose" | "secret" | "key" | "nonce" | "message" | "challenge" | "response", string>[];
  elections: Election[];
}

const file = JSON.parse(readFileSync(`${ROOT}/tests/vectors/belenios.json`, "utf8")) as { drawn: Drawn };

export const drawn = file.drawn;
