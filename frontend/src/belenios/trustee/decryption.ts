/** Partial decryptions: what a trustee makes of the encrypted tally, with a proof for every factor. */

import { ciphertexts, parseElection } from "../election.ts";
import { BeleniosError } from "../error.ts";
import type { Element } from "../group.ts";
import { GENERATOR, hex, hexes, power, randomScalar, reduced } from "../group.ts";
import { hashGroup } from "../hash.ts";
import { Cursor } from "../json.ts";
import { sign, writtenProof } from "../proof.ts";
import { Keys, within } from "./certificate.ts";
import { privateKey } from "./pedersen.ts";
import type { Seed } from "./seed.ts";
import type { Member } from "./trustees.ts";
import { Trustees, described } from "./trustees.ts";

/** What the signature of a partial decryption is for: the tag without its prefix. */
const PURPOSE = "partial_decryption";

/** A decryption for which everything has been checked but the key. */
export interface Prepared {
  readonly fingerprint: string;
  readonly members: readonly Member[];
  /** The first half, alpha, of the ciphertext of each answer to each question. */
  readonly alphas: readonly (readonly Element[])[];
}

/**
 * Checks that trustees hold and make the election's key, and that a tally has the election's shape.
 *
 * `known` remembers the trustees that have been checked, since the urns of an election share their group.
 */
export function prepared(election: string, trustees: string, tally: string, known: Set<string> = new Set()): Prepared {
  const parsed = parseElection(election);
  const people = Trustees.parse(trustees);
  people.check(known);
  if (!people.key().equals(parsed.key)) {
    throw new BeleniosError("the trustees do not make the public key of the election");
  }
  const alphas = parseAlphas(tally);
  const expected = parsed.questions.map(ciphertexts);
  const seen = alphas.map((answers) => answers.length);
  if (seen.join() !== expected.join()) {
    throw new BeleniosError(`the encrypted tally has ${seen.join(", ")} answers (expected: ${expected.join(", ")})`);
  }
  return { fingerprint: parsed.fingerprint, members: people.members(), alphas };
}

/** The trustee to whom a seed belongs; null where it is nobody's here. */
export function ownerOf(seed: Seed, members: readonly Member[]): Member | null {
  const keys = Keys.of(seed);
  return members.find((member) => member.verification.equals(keys.verification)) ?? null;
}

/** The private key of a trustee, held against the public one. A single trustee has no share, one of a group has one. */
export function secretOf(member: Member, seed: Seed, share: string | null): bigint {
  return within(described(member), () => {
    if (member.grouped && share === null) {
      throw new BeleniosError("the share of the trustee in the group's key is missing");
    }
    const key = member.grouped ? privateKey(seed, share as string) : seed.basicKey();
    if (!power(GENERATOR, key).equals(member.publicKey)) {
      throw new BeleniosError("the private key is not that of the published public key");
    }
    return key;
  });
}

/**
 * Decrypts in part with the private key of a member. A generator: it stops after every factor, so that a page can
 * show it.
 */
export function* decryption(of: Prepared, member: Member, key: bigint, seed: Seed): Generator<void, string> {
  const message = `${of.fingerprint}|${hex(member.publicKey)}|`;
  const questions: string[] = [];
  for (const alphas of of.alphas) {
    const factors: string[] = [];
    for (const alpha of alphas) {
      factors.push(factor(message, alpha, key));
      yield;
    }
    questions.push(`[${factors.join(",")}]`);
  }
  const factors = `[${questions.join(",")}]`;
  return `{"message":${factors},"signature":${writtenProof(sign(PURPOSE, seed.signingKey(), factors))}}`;
}

/** alpha^x, with the proof that the x is that of the trustee's public key. */
function factor(message: string, alpha: Element, key: bigint): string {
  const nonce = randomScalar();
  const elements = [power(GENERATOR, nonce), power(alpha, nonce), power(alpha, key)];
  const [first, second, found] = hexes(elements) as [string, string, string];
  const challenge = hashGroup("decrypt", message, [first, second]);
  const response = reduced(nonce - key * challenge);
  return `{"factor":"${found}","proof":${writtenProof({ challenge, response })}}`;
}

/**
 * Decrypts an encrypted tally in part, all at once: the trustee's number, from 1, and the record.
 *
 * Throws where the seed belongs to none of the trustees, or the share is missing or not the seed's.
 */
export function partialDecryption(
  election: string,
  trustees: string,
  tally: string,
  seed: Seed,
  share: string | null,
): { owner: number; record: string } {
  const ready = prepared(election, trustees, tally);
  const member = ownerOf(seed, ready.members);
  if (!member) {
    throw new BeleniosError(`this seed is that of none of the ${ready.members.length} trustees of the election`);
  }
  const steps = decryption(ready, member, secretOf(member, seed, share), seed);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return { owner: member.owner, record: step.value };
}

function parseAlphas(text: string): Element[][] {
  const cursor = new Cursor(text);
  const questions = cursor.list((question) =>
    question.list((answer) => {
      answer.expect('{"alpha":');
      const alpha = answer.element();
      answer.expect(',"beta":');
      answer.element();
      answer.expect("}");
      return alpha;
    }),
  );
  cursor.end();
  return questions;
}
