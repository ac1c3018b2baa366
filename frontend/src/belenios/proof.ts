/**
 * Zero-knowledge proofs: signatures (section "Signing"), and disjunctions over ciphertexts (sections "Proofs of interval
 * membership" and "Proofs of possibly-blank votes").
 */

import type { Element } from "./group.ts";
import { GENERATOR, ORDER, hex, hexes, power, publicPower, randomScalar, reduced } from "./group.ts";
import { hashGroup } from "./hash.ts";
import type { Cursor } from "./json.ts";

/** A challenge and the response to it, both reduced. */
export interface Proof {
  readonly challenge: bigint;
  readonly response: bigint;
}

/** Reads `{"challenge":"…","response":"…"}`. */
export function readProof(cursor: Cursor): Proof {
  cursor.expect('{"challenge":');
  const challenge = cursor.scalar();
  cursor.expect(',"response":');
  const response = cursor.scalar();
  cursor.expect("}");
  return { challenge, response };
}

/** Writes what `readProof` reads. */
export function writtenProof(proof: Proof): string {
  return `{"challenge":"${proof.challenge}","response":"${proof.response}"}`;
}

/** Signs a message with a secret exponent (section "Signing"); `purpose` is the tag without its prefix. */
export function sign(purpose: string, secret: bigint, message: string): Proof {
  const nonce = randomScalar();
  const [key, commitment] = hexes([power(GENERATOR, secret), power(GENERATOR, nonce)]) as [string, string];
  const challenge = hashGroup(purpose, `${key}|${message}`, [commitment]);
  return { challenge, response: reduced(nonce - secret * challenge) };
}

/** Whether a signature on a message is that of a verification key. */
export function verify(purpose: string, key: Element, message: string, signature: Proof): boolean {
  const commitment = publicPower(GENERATOR, signature.response).add(publicPower(key, signature.challenge));
  return signature.challenge === hashGroup(purpose, `${hex(key)}|${message}`, [hex(commitment)]);
}

/** What a disjunction is about, as it is hashed before the commitments. */
export interface Statement {
  /** The tag without its prefix: `prove`, `bproof0` or `bproof1`. */
  readonly purpose: "prove" | "bproof0" | "bproof1";
  readonly message: string;
}

/** One branch of a disjunction as everybody sees it: that (alpha, beta) encrypts `value`. */
export interface Branch {
  readonly alpha: Element;
  readonly beta: Element;
  readonly value: number;
}

/** One branch as the prover sees it. */
export interface Secret {
  /** The r of the ciphertext. */
  readonly randomness: bigint;
  /** m less the value of the branch, reduced: nothing in a true one. */
  readonly difference: bigint;
}

/** Whether one of the branches is true under the key y: the check of every disjunction. */
export function holds(y: Element, statement: Statement, branches: readonly Branch[], proofs: readonly Proof[]): boolean {
  if (branches.length !== proofs.length) return false;
  const commitments = branches.flatMap(({ alpha, beta, value }, at) => {
    const { challenge, response } = proofs[at] as Proof;
    // g^response alpha^challenge, and y^response (beta / g^value)^challenge.
    const shifted = value === 0 ? beta : beta.subtract(publicPower(GENERATOR, BigInt(value)));
    return [
      publicPower(GENERATOR, response).add(publicPower(alpha, challenge)),
      publicPower(y, response).add(publicPower(shifted, challenge)),
    ];
  });
  const sum = proofs.reduce((total, proof) => total + proof.challenge, 0n) % ORDER;
  return hashGroup(statement.purpose, statement.message, hexes(commitments)) === sum;
}

/**
 * Proves under the key y that the branch of number `place` is true, with the same steps for every place.
 *
 * Every branch has its nonce w, commitments g^w and y^w g^(difference challenge), and response w - r challenge. In the
 * true one the difference is nothing, and its challenge can wait for the hash; in the others it was drawn.
 */
export function prove(y: Element, statement: Statement, secrets: readonly Secret[], place: number): Proof[] {
  const nonces = secrets.map(randomScalar);
  const challenges = secrets.map(randomScalar);
  const commitments = secrets.flatMap(({ difference }, at) => {
    const nonce = nonces[at] as bigint;
    const shift = reduced(difference * (challenges[at] as bigint));
    return [power(GENERATOR, nonce), power(y, nonce).add(power(GENERATOR, shift))];
  });
  const drawn = challenges.reduce((sum, challenge, at) => sum + (at === place ? 0n : challenge), 0n);
  const due = reduced(hashGroup(statement.purpose, statement.message, hexes(commitments)) - drawn);
  return secrets.map(({ randomness }, at) => {
    const challenge = at === place ? due : (challenges[at] as bigint);
    return { challenge, response: reduced((nonces[at] as bigint) - randomness * challenge) };
  });
}
