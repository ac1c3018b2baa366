/** Single trustees (section "Basic trustees"), without whom nothing is decrypted. */

import { hex } from "../group.ts";
import { sha256Hex } from "../hash.ts";
import { Cursor } from "../json.ts";
import type { Proof } from "../proof.ts";
import { readProof, sign, writtenProof } from "../proof.ts";
import { Keys } from "./certificate.ts";
import type { Seed } from "./seed.ts";
import { VerificationKey } from "./verification.ts";

/** What the signature of the certificate is for (the tag without its prefix), and its context. */
const PURPOSE = "basic-cert";
const CONTEXT = "null";

/** What a single trustee publishes: a certificate and a verification key. */
export class Basic {
  private constructor(
    readonly keys: Keys,
    private readonly signature: Proof,
    readonly verificationKey: VerificationKey,
  ) {}

  /** What the trustee of a seed publishes. */
  static make(seed: Seed, name: string | null): Basic {
    const keys = Keys.of(seed);
    const signingKey = seed.signingKey();
    const signature = sign(PURPOSE, signingKey, keys.withContext(CONTEXT));
    return new Basic(keys, signature, VerificationKey.make(seed.basicKey(), name, signingKey));
  }

  static read(cursor: Cursor): Basic {
    cursor.expect('{"cert":{"message":{"context":null');
    const keys = Keys.read(cursor);
    cursor.expect(',"signature":');
    const signature = readProof(cursor);
    cursor.expect('},"verification_key":');
    const verificationKey = VerificationKey.read(cursor);
    cursor.expect("}");
    return new Basic(keys, signature, verificationKey);
  }

  /** Reads a record that is what a single trustee publishes and nothing else. */
  static parse(text: string): Basic {
    const cursor = new Cursor(text);
    const basic = Basic.read(cursor);
    cursor.end();
    return basic;
  }

  /** What is published, as JSON. */
  json(): string {
    const certificate = `{"message":${this.keys.withContext(CONTEXT)},"signature":${writtenProof(this.signature)}}`;
    return `{"cert":${certificate},"verification_key":${this.verificationKey.json()}}`;
  }

  /** Checks the certificate, and that the verification key belongs to it. */
  check(): void {
    this.keys.check(PURPOSE, CONTEXT, this.signature);
    this.verificationKey.check(this.keys.verification);
  }

  /** The identifier after which the official files are named: eight digits, in capitals, of the hash of its key. */
  id(): string {
    return basicId(this.keys);
  }
}

/** The identifier of the single trustee of these keys. */
export function basicId(keys: Keys): string {
  return sha256Hex(hex(keys.verification)).slice(0, 8).toUpperCase();
}
