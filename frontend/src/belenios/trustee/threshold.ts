/** Groups of trustees with a threshold, as they are published (section "Threshold parameters"). */

import { BeleniosError } from "../error.ts";
import type { Element } from "../group.ts";
import { IDENTITY, product } from "../group.ts";
import type { Cursor } from "../json.ts";
import type { Proof } from "../proof.ts";
import { readProof, sign, verify, writtenProof } from "../proof.ts";
import { Certificate, checkCertificates, within } from "./certificate.ts";
import { Context } from "./context.ts";
import { Coefficients } from "./polynomial.ts";
import { VerificationKey } from "./verification.ts";

/** What the signature on all certificates is for: the tag without its prefix. */
const PURPOSE = "pedersen-certs";

/** The context with all certificates: what each trustee signs. */
function certificatesMessage(context: Context, certificates: readonly Certificate[]): string {
  return `{"context":${context.json()},"certs":[${joined(certificates)}]}`;
}

/** Signs all certificates. */
export function signCertificates(context: Context, certificates: readonly Certificate[], signingKey: bigint): Proof {
  return sign(PURPOSE, signingKey, certificatesMessage(context, certificates));
}

/** Records as JSON with commas between them. */
export function joined(items: readonly { json(): string }[]): string {
  return items.map((item) => item.json()).join(",");
}

/** Refuses another number of parts than one for each trustee. */
export function expectOneForEach(what: string, seen: number, certificates: readonly unknown[]): void {
  if (seen !== certificates.length) {
    throw new BeleniosError(`${seen} ${what} (expected: ${certificates.length}, one for each trustee)`);
  }
}

/**
 * Checks what each trustee published: the coefficients to which the certificate commits, as many as the threshold,
 * and the signature on all certificates. The certificates have been checked.
 */
export function checkPolynomials(
  context: Context,
  certificates: readonly Certificate[],
  coefexps: readonly Coefficients[],
  signatures: readonly Proof[],
): void {
  expectOneForEach("coefexps", coefexps.length, certificates);
  expectOneForEach("signatures", signatures.length, certificates);
  const message = certificatesMessage(context, certificates);
  certificates.forEach((certificate, at) => {
    const published = coefexps[at] as Coefficients;
    const fail = (what: string) =>
      new BeleniosError(`trustee ${at + 1} (${JSON.stringify(context.names[at])}): ${what}`);
    if (published.hash() !== certificate.coefexps) {
      throw fail("the coefexps are not those to which the certificate commits");
    }
    if (published.elements.length !== context.threshold) {
      throw fail(`${published.elements.length} coefexps (expected: ${context.threshold}, the threshold)`);
    }
    if (!verify(PURPOSE, certificate.keys.verification, message, signatures[at] as Proof)) {
      throw fail("the signature on the certificates is not that of the trustee");
    }
  });
}

/** What a group publishes. Any `context.threshold` of its trustees decrypt, fewer do not. */
export class Threshold {
  private constructor(
    readonly context: Context,
    readonly certificates: readonly Certificate[],
    private readonly coefexps: readonly Coefficients[],
    private readonly signatures: readonly Proof[],
    readonly verificationKeys: readonly VerificationKey[],
  ) {}

  static read(cursor: Cursor): Threshold {
    // The specification has `threshold` in place of `context`.
    cursor.expect('{"context":');
    const context = Context.read(cursor);
    cursor.expect(',"certs":');
    const certificates = cursor.list(Certificate.read);
    cursor.expect(',"coefexps":');
    const coefexps = cursor.list(Coefficients.read);
    cursor.expect(',"signatures":');
    const signatures = cursor.list(readProof);
    cursor.expect(',"verification_keys":');
    const verificationKeys = cursor.list(VerificationKey.read);
    cursor.expect("}");
    return new Threshold(context, certificates, coefexps, signatures, verificationKeys);
  }

  /** What is published, as JSON. */
  json(): string {
    return (
      `{"context":${this.context.json()},"certs":[${joined(this.certificates)}],` +
      `"coefexps":[${joined(this.coefexps)}],"signatures":[${this.signatures.map(writtenProof).join(",")}],` +
      `"verification_keys":[${joined(this.verificationKeys)}]}`
    );
  }

  /** Checks everything that the group publishes; an error names the trustee whose part does not hold. */
  check(): void {
    this.context.check();
    checkCertificates(this.context, this.certificates);
    checkPolynomials(this.context, this.certificates, this.coefexps, this.signatures);
    this.#checkVerificationKeys();
  }

  #checkVerificationKeys(): void {
    expectOneForEach("verification keys", this.verificationKeys.length, this.certificates);
    const sum = Coefficients.product(this.coefexps);
    this.verificationKeys.forEach((key, at) => {
      const name = this.context.names[at] as string;
      within(`trustee ${at + 1} (${JSON.stringify(name)})`, () => {
        if (key.name !== name) throw new BeleniosError("the verification key bears another name, or none");
        if (!key.publicKey.equals(sum.evaluate(at + 1))) {
          throw new BeleniosError("the public key is not the one that the coefexps give");
        }
        key.check((this.certificates[at] as Certificate).keys.verification);
      });
    });
  }

  /** The sub-key of the group: the product of the constant coefficients. */
  key(): Element {
    return product(this.coefexps.map(({ elements }) => elements[0] ?? IDENTITY));
  }
}
