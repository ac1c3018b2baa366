/**
 * Sealed ballots (sections "Ballots" and "Encrypted answers"): how they are written and read. `seal.ts` makes them,
 * `check.ts` says what each must satisfy.
 */

import { Cursor } from "./json.ts";
import type { Proof } from "./proof.ts";
import { readProof, writtenProof } from "./proof.ts";

/** What the signature of a ballot is for: the tag without its prefix. */
export const PURPOSE = "ballot";

/** A ciphertext as it stands in a ballot: the digits of g^r and y^r g^m. */
export interface Ciphertext {
  readonly alpha: string;
  readonly beta: string;
}

export type Pair = readonly [Proof, Proof];

/** The answer to a homomorphic question. */
export interface Answer {
  /** A ciphertext for each answer, and a leading one where blank is allowed. */
  readonly choices: readonly Ciphertext[];
  /** For each choice, that it is 0 or 1. */
  readonly individualProofs: readonly Pair[];
  /** That the sum is between min and max, or that the vote is blank. */
  readonly overallProof: readonly Proof[];
  /** That the vote is not blank, or that the sum is 0; where blank is allowed. */
  readonly blankProof: Pair | null;
}

/** A sealed ballot, read but not yet checked. */
export interface Ballot {
  readonly uuid: string;
  readonly fingerprint: string;
  readonly credential: string;
  readonly answers: readonly Answer[];
  readonly signature: Proof;
  /** What is signed: the field `message` as it stands. */
  readonly message: string;
}

/**
 * Reads a ballot from the text that is hashed.
 *
 * Fails where it is not exactly one ballot, compact, with its fields in order: there is one way to write a ballot, and
 * every other one is refused.
 */
export function parseBallot(text: string): Ballot {
  const cursor = new Cursor(text);
  cursor.expect('{"message":');
  const start = cursor.position;
  cursor.expect('{"election_uuid":"');
  const uuid = cursor.base58();
  cursor.expect('","election_hash":');
  const fingerprint = cursor.hash();
  cursor.expect(',"credential":');
  const credential = cursor.digits();
  cursor.expect(',"answers":');
  const answers = cursor.list(readAnswer);
  cursor.expect("}");
  const message = cursor.since(start);
  cursor.expect(',"signature":');
  const signature = readProof(cursor);
  cursor.expect("}");
  cursor.end();
  return { uuid, fingerprint, credential, answers, signature, message };
}

function readAnswer(cursor: Cursor): Answer {
  cursor.expect('{"choices":');
  const choices = cursor.list(readCiphertext);
  cursor.expect(',"individual_proofs":');
  const individualProofs = cursor.list(readPair);
  cursor.expect(',"overall_proof":');
  const overallProof = cursor.list(readProof);
  const blankProof = cursor.accept(',"blank_proof":') ? readPair(cursor) : null;
  cursor.expect("}");
  return { choices, individualProofs, overallProof, blankProof };
}

function readCiphertext(cursor: Cursor): Ciphertext {
  cursor.expect('{"alpha":');
  const alpha = cursor.digits();
  cursor.expect(',"beta":');
  const beta = cursor.digits();
  cursor.expect("}");
  return { alpha, beta };
}

function readPair(cursor: Cursor): Pair {
  cursor.expect("[");
  const first = readProof(cursor);
  cursor.expect(",");
  const second = readProof(cursor);
  cursor.expect("]");
  return [first, second];
}

/** Writes an answer as `parseBallot` reads it. */
export function writtenAnswer({ choices, individualProofs, overallProof, blankProof }: Answer): string {
  const ciphertexts = choices.map(({ alpha, beta }) => `{"alpha":"${alpha}","beta":"${beta}"}`);
  const blank = blankProof === null ? "" : `,"blank_proof":${writtenProofs(blankProof)}`;
  return (
    `{"choices":[${ciphertexts.join(",")}],"individual_proofs":[${individualProofs.map(writtenProofs).join(",")}],` +
    `"overall_proof":${writtenProofs(overallProof)}${blank}}`
  );
}

function writtenProofs(proofs: readonly Proof[]): string {
  return `[${proofs.map(writtenProof).join(",")}]`;
}

/** The choices as they are hashed: alpha and beta of each, with commas between all. */
export function hashedChoices(choices: readonly Ciphertext[]): string {
  return choices.map(({ alpha, beta }) => `${alpha},${beta}`).join(",");
}
