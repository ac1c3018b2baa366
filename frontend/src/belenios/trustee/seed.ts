/**
 * The seed of a trustee, and everything that is derived from it (sections "Public key infrastructure" and "Basic
 * trustees").
 */

import { SEED_LENGTH, isBase58, randomBase58 } from "../credential.ts";
import { BeleniosError } from "../error.ts";
import { PREFIX } from "../group.ts";
import { hashToField, hashToFields } from "../hash.ts";
import { Polynomial } from "./polynomial.ts";

/** The shortest seed: the 22 characters of the specification, 128 bits strong. */
const SHORTEST = 22;
/** The longest that is read; the official files have 44. */
const LONGEST = 1024;

/**
 * The seed of a trustee: whoever has it has all keys of the trustee.
 *
 * It is kept as bytes, since those can be overwritten; a text cannot.
 */
export class Seed {
  readonly #bytes: Uint8Array;

  private constructor(text: string) {
    this.#bytes = new TextEncoder().encode(text);
  }

  /** A new seed, from the randomness of the browser. */
  static random(): Seed {
    return new Seed(randomBase58(SEED_LENGTH));
  }

  /** Reads a seed. Throws where the text is none; the text is not repeated. */
  static parse(text: string): Seed {
    if (text.length < SHORTEST || text.length > LONGEST || !isBase58(text)) {
      throw new BeleniosError(
        `this is no trustee's seed (expected: at least ${SHORTEST} characters of Base58, as a rule ${SEED_LENGTH})`,
      );
    }
    return new Seed(text);
  }

  /** The characters, for the file and the page that the trustee keeps. */
  expose(): string {
    return new TextDecoder().decode(this.#usable());
  }

  /** Whether another seed is the same. */
  equals(other: Seed): boolean {
    const [mine, yours] = [this.#usable(), other.#usable()];
    return mine.length === yours.length && mine.every((byte, at) => byte === yours[at]);
  }

  /** sk: signs what the trustee publishes and sends. */
  signingKey(): bigint {
    return hashToField("derive_sk", this.#usable());
  }

  /** dk: opens what is sent to the trustee. */
  decryptionKey(): bigint {
    return hashToField("derive_dk", this.#usable());
  }

  /** The private key of a single trustee: `HashGroup` of the seed and of no elements. */
  basicKey(): bigint {
    return hashToFields(`${PREFIX}-basic_key-group_hash-Ed25519-SHA256`, this.#usable(), 1)[0] as bigint;
  }

  /** The secret polynomial of a trustee of a group. Throws where the threshold is larger than 170. */
  polynomial(threshold: number): Polynomial {
    return Polynomial.derive(this.#usable(), threshold);
  }

  /** Overwrites the seed; it cannot be used afterwards. */
  wipe(): void {
    this.#bytes.fill(0);
  }

  #usable(): Uint8Array {
    if (this.#bytes[0] === 0) throw new BeleniosError("the seed was wiped");
    return this.#bytes;
  }
}
