/**
 * The founding of a group with a threshold (section "Threshold trustees"): the steps of a trustee, 1, 3 and 5.
 * Whoever sits between the trustees routes and combines; that is no part of this implementation.
 *
 * Every step checks everything that it is given, and names the trustee whose part does not hold.
 */

import { BeleniosError } from "../error.ts";
import { GENERATOR, power, reduced } from "../group.ts";
import { Cursor } from "../json.ts";
import type { Proof } from "../proof.ts";
import { readProof, writtenProof } from "../proof.ts";
import { Certificate, Keys, checkCertificates, within } from "./certificate.ts";
import { Context } from "./context.ts";
import { Message } from "./message.ts";
import { Coefficients } from "./polynomial.ts";
import type { Seed } from "./seed.ts";
import { checkPolynomials, expectOneForEach, joined, signCertificates } from "./threshold.ts";
import { VerificationKey } from "./verification.ts";

/**
 * What the messages with the values of polynomials are for, and that with a trustee's key: tags without their prefix.
 */
const SECRET = "secret";
const DECRYPTION_KEY = "pedersen-decryption_key";

/** Step 1: the certificate of the trustee of a seed, for a place from 1. */
export function newCertificate(context: string, index: number, seed: Seed): Certificate {
  const parsed = Context.parse(context);
  if (index < 1 || index > parsed.names.length) {
    throw new BeleniosError(`a certificate for place ${index} (expected: from 1 to ${parsed.names.length})`);
  }
  return Certificate.make(parsed, index, seed);
}

/** Step 2, by every trustee too: the certificates of all, in the order of the names. */
export function checkedCertificates(context: string, texts: readonly string[]): Certificate[] {
  const certificates = texts.map((text, at) => within(`certificate ${at + 1}`, () => Certificate.parse(text)));
  checkCertificates(Context.parse(context), certificates);
  return certificates;
}

/** Step 3: what the trustee of a seed publishes, and writes to every other. */
export function polynomial(context: string, texts: readonly string[], seed: Seed): string {
  const certificates = checkedCertificates(context, texts);
  placeOf(certificates, seed);
  const parsed = Context.parse(context);
  const signingKey = seed.signingKey();
  const secret = seed.polynomial(parsed.threshold);
  const secrets = certificates.map(({ keys }, at) =>
    Message.send(SECRET, signingKey, keys.encryption, secretRecord("secret", secret.evaluate(at + 1))),
  );
  const signature = writtenProof(signCertificates(parsed, certificates, signingKey));
  return `{"secrets":[${joined(secrets)}],"coefexps":${secret.coefficients().json()},"signature":${signature}}`;
}

/** Step 5: the share of the trustee of a seed in the key of the group, from what the others wrote (`vinput`). */
export function share(context: string, texts: readonly string[], seed: Seed, vinput: string): string {
  const certificates = checkedCertificates(context, texts);
  const parsed = Context.parse(context);
  const routed = parseRouted(vinput);
  expectOneForEach("secrets", routed.secrets.length, certificates);
  checkPolynomials(parsed, certificates, routed.coefexps, routed.signatures);
  const index = placeOf(certificates, seed);
  const signingKey = seed.signingKey();
  const decryptionKey = seed.decryptionKey();
  let privateKey = 0n;
  certificates.forEach(({ keys }, at) => {
    within(`the secret that trustee ${at + 1} sent`, () => {
      const message = routed.secrets[at] as Message;
      const read = (cursor: Cursor) => readSecret(cursor, "secret");
      const secret = message.receive(SECRET, decryptionKey, keys.verification, read);
      if (!power(GENERATOR, secret).equals((routed.coefexps[at] as Coefficients).evaluate(index))) {
        throw new BeleniosError("it is not the value of the polynomial that was published");
      }
      privateKey = reduced(privateKey + secret);
    });
  });
  const record = secretRecord("decryption_key", privateKey);
  const own = Message.send(DECRYPTION_KEY, signingKey, power(GENERATOR, decryptionKey), record);
  const key = VerificationKey.make(privateKey, parsed.names[index - 1] ?? null, signingKey);
  return `{"private_key":${own.json()},"public_key":${key.json()}}`;
}

/**
 * Opens the message with a trustee's private key, as step 6 left it.
 *
 * Throws where the text is no such message, or not the seed's; nothing decrypted is shown.
 */
export function privateKey(seed: Seed, text: string): bigint {
  let message: Message;
  try {
    message = Message.parse(text);
  } catch {
    // What stands here may be a seed, given by mistake: none of it is shown.
    throw new BeleniosError("this is no share (expected: an encrypted message of alpha, beta and data)");
  }
  const read = (cursor: Cursor) => readSecret(cursor, "decryption_key");
  return message.receive(DECRYPTION_KEY, seed.decryptionKey(), Keys.of(seed).verification, read);
}

/** What a trustee is given in step 5: what the others wrote to this one, and what all published. */
interface Routed {
  readonly secrets: readonly Message[];
  readonly coefexps: readonly Coefficients[];
  readonly signatures: readonly Proof[];
}

function parseRouted(text: string): Routed {
  const cursor = new Cursor(text);
  cursor.expect('{"secrets":');
  const secrets = cursor.list(Message.read);
  cursor.expect(',"coefexps":');
  const coefexps = cursor.list(Coefficients.read);
  cursor.expect(',"signatures":');
  const signatures = cursor.list(readProof);
  cursor.expect("}");
  cursor.end();
  return { secrets, coefexps, signatures };
}

/** The place, from 1, of the trustee of a seed. */
export function placeOf(certificates: readonly Certificate[], seed: Seed): number {
  const keys = Keys.of(seed);
  const at = certificates.findIndex((certificate) => certificate.keys.equals(keys));
  if (at < 0) throw new BeleniosError("none of the certificates is that of this seed");
  return at + 1;
}

/** A record with one scalar in it, a secret. */
function secretRecord(field: string, scalar: bigint): string {
  return `{"${field}":"${scalar}"}`;
}

function readSecret(cursor: Cursor, field: string): bigint {
  cursor.expect(`{"${field}":`);
  const scalar = cursor.scalar();
  cursor.expect("}");
  return scalar;
}
