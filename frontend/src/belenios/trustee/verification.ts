/** Verification keys (section "Verification keys") with the outer signature that ties them to a certificate. */

import { BeleniosError } from "../error.ts";
import type { Element } from "../group.ts";
import { GENERATOR, hex, power } from "../group.ts";
import type { Cursor } from "../json.ts";
import { written } from "../json.ts";
import type { Proof } from "../proof.ts";
import { readProof, sign, verify, writtenProof } from "../proof.ts";

/** What the inner signature is for, and what the outer one is for: the tags without their prefix. */
const INNER = "verification_key";
const OUTER = "outer-verification_key";

/**
 * The public half of a decryption key. The inner signature proves that its private half is known; the outer one,
 * made with the key of a certificate, says whose it is.
 */
export class VerificationKey {
  private constructor(
    /** X = g^x. */
    readonly publicKey: Element,
    readonly name: string | null,
    private readonly inner: Proof,
    private readonly outer: Proof,
  ) {}

  /** Publishes the key of a private one. */
  static make(privateKey: bigint, name: string | null, signingKey: bigint): VerificationKey {
    const publicKey = power(GENERATOR, privateKey);
    const inner = sign(INNER, privateKey, raw(publicKey, name));
    return new VerificationKey(publicKey, name, inner, sign(OUTER, signingKey, signed(publicKey, name, inner)));
  }

  /** The key as JSON. */
  json(): string {
    return `{"message":${signed(this.publicKey, this.name, this.inner)},"signature":${writtenProof(this.outer)}}`;
  }

  static read(cursor: Cursor): VerificationKey {
    cursor.expect('{"message":{"message":{"public_key":');
    const publicKey = cursor.element();
    const name = cursor.accept(',"name":') ? cursor.string() : null;
    cursor.expect('},"signature":');
    const inner = readProof(cursor);
    cursor.expect('},"signature":');
    const outer = readProof(cursor);
    cursor.expect("}");
    return new VerificationKey(publicKey, name, inner, outer);
  }

  /** Checks that the private half is known, and that the owner of a certificate's key vouches for it. */
  check(verification: Element): void {
    if (this.publicKey.is0()) throw new BeleniosError("the public key is the identity, which is no key");
    if (!verify(INNER, this.publicKey, raw(this.publicKey, this.name), this.inner)) {
      throw new BeleniosError("the inner signature of the verification key is not that of its private key");
    }
    if (!verify(OUTER, verification, signed(this.publicKey, this.name, this.inner), this.outer)) {
      throw new BeleniosError("the outer signature of the verification key is not that of the certificate");
    }
  }
}

/** The raw key with its name, which the inner signature signs. */
function raw(publicKey: Element, name: string | null): string {
  return `{"public_key":"${hex(publicKey)}"${name === null ? "" : `,"name":${written(name)}`}}`;
}

/** What the outer signature signs. */
function signed(publicKey: Element, name: string | null, inner: Proof): string {
  return `{"message":${raw(publicKey, name)},"signature":${writtenProof(inner)}}`;
}
