/**
 * Certificates (sections "Certificates" and "Pedersen certificates"): the keys with which trustees sign, and with
 * which they are written to.
 */

import { BeleniosError } from "../error.ts";
import type { Element } from "../group.ts";
import { GENERATOR, hex, power } from "../group.ts";
import { sha256Hex } from "../hash.ts";
import { Cursor } from "../json.ts";
import type { Proof } from "../proof.ts";
import { readProof, sign, verify, writtenProof } from "../proof.ts";
import type { Context } from "./context.ts";
import type { Seed } from "./seed.ts";

/** What the signature of a Pedersen certificate is for: the tag without its prefix. */
const PURPOSE = "pedersen-cert";

/** The two public keys of a certificate. */
export class Keys {
  constructor(
    /** vk: verifies the trustee's signatures. */
    readonly verification: Element,
    /** ek: encrypts what is sent to the trustee. */
    readonly encryption: Element,
  ) {}

  /** The keys that a seed makes. */
  static of(seed: Seed): Keys {
    return new Keys(power(GENERATOR, seed.signingKey()), power(GENERATOR, seed.decryptionKey()));
  }

  /** Reads the two last fields of a `cert_keys`. */
  static read(cursor: Cursor): Keys {
    cursor.expect(',"verification":');
    const verification = cursor.element();
    cursor.expect(',"encryption":');
    const encryption = cursor.element();
    cursor.expect("}");
    return new Keys(verification, encryption);
  }

  /** Whether these are the same keys. */
  equals(other: Keys): boolean {
    return this.verification.equals(other.verification) && this.encryption.equals(other.encryption);
  }

  /** A `cert_keys` with a context. */
  withContext(context: string): string {
    return `{"context":${context},"verification":"${hex(this.verification)}","encryption":"${hex(this.encryption)}"}`;
  }

  /** Checks a certificate's signature on its keys in their context. */
  check(purpose: string, context: string, signature: Proof): void {
    if (this.verification.is0() || this.encryption.is0()) {
      throw new BeleniosError("a key of the certificate is the identity, which is no key");
    }
    if (!verify(purpose, this.verification, this.withContext(context), signature)) {
      throw new BeleniosError("the signature of the certificate is not that of its key");
    }
  }
}

/** The certificate of a trustee of a group with a threshold. */
export class Certificate {
  constructor(
    /** The place of its owner in the group, from 1. */
    readonly index: number,
    /** The hash of the exponentiated coefficients to which the owner is committed. */
    readonly coefexps: string,
    readonly keys: Keys,
    private readonly signature: Proof,
  ) {}

  /** The certificate that a seed makes for the trustee of a place, from 1. */
  static make(context: Context, index: number, seed: Seed): Certificate {
    const coefexps = seed.polynomial(context.threshold).coefficients().hash();
    const keys = Keys.of(seed);
    const message = keys.withContext(fullContext(context, index, coefexps));
    return new Certificate(index, coefexps, keys, sign(PURPOSE, seed.signingKey(), message));
  }

  /** The compressed message, in which the index alone stands for the context. */
  private message(): string {
    return this.keys.withContext(`{"context":${this.index},"coefexps":"${this.coefexps}"}`);
  }

  /** The certificate as JSON. */
  json(): string {
    return `{"message":${this.message()},"signature":${writtenProof(this.signature)}}`;
  }

  /** The identifier after which the official files are named: the hash of the message. */
  id(): string {
    return sha256Hex(this.message());
  }

  static read(cursor: Cursor): Certificate {
    cursor.expect('{"message":{"context":{"context":');
    const index = cursor.number();
    cursor.expect(',"coefexps":');
    const coefexps = cursor.hash();
    cursor.expect("}");
    const keys = Keys.read(cursor);
    cursor.expect(',"signature":');
    const signature = readProof(cursor);
    cursor.expect("}");
    return new Certificate(index, coefexps, keys, signature);
  }

  /** Reads a record that is a certificate and nothing else. */
  static parse(text: string): Certificate {
    const cursor = new Cursor(text);
    const certificate = Certificate.read(cursor);
    cursor.end();
    return certificate;
  }

  /** Checks that the certificate is that of a place, from 1, and signed with its own key in this context. */
  check(context: Context, index: number): void {
    if (this.index !== index) {
      throw new BeleniosError(`the certificate says index ${this.index} (expected: ${index})`);
    }
    this.keys.check(PURPOSE, fullContext(context, index, this.coefexps), this.signature);
  }
}

/** The context that is signed, with that of the group. */
function fullContext(context: Context, index: number, coefexps: string): string {
  return `{"context":{"context":${context.json()},"index":${index}},"coefexps":"${coefexps}"}`;
}

/**
 * Checks the certificates of a whole group: one for each name, each for its place, no key in two of them.
 *
 * The specification does not forbid two equal keys, but one person would then hold two shares.
 */
export function checkCertificates(context: Context, certificates: readonly Certificate[]): void {
  const expected = context.names.length;
  if (certificates.length !== expected) {
    throw new BeleniosError(`${certificates.length} certificates (expected: ${expected}, one for each name)`);
  }
  certificates.forEach((certificate, at) => {
    const place = `certificate ${at + 1} (${JSON.stringify(context.names[at])})`;
    within(place, () => certificate.check(context, at + 1));
  });
  const owners = new Map<string, number>();
  certificates.forEach(({ keys }, at) => {
    for (const [kind, key] of [["verification", keys.verification], ["encryption", keys.encryption]] as const) {
      const digits = `${kind} ${hex(key)}`;
      const other = owners.get(digits);
      if (other !== undefined) {
        throw new BeleniosError(
          `certificates ${other} and ${at + 1} have the same ${kind} key (expected: a key of its own for each trustee)`,
        );
      }
      owners.set(digits, at + 1);
    }
  });
}

/** Runs a check; an error says whose part it is about. */
export function within<T>(place: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof BeleniosError ? new BeleniosError(`${place}: ${error.message}`) : error;
  }
}
