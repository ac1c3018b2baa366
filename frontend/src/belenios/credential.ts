/** Credentials (section "Credentials"): the private code of an elector, and the public key that it makes in an election. */

import { BeleniosError } from "./error.ts";
import { GENERATOR, hex, hexes, power, randomBytes } from "./group.ts";
import { hashToField } from "./hash.ts";
import { sign, writtenProof } from "./proof.ts";

/** The Base58 alphabet of codes, seeds and identifiers. */
export const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/** The lengths of the groups of a private code. */
const GROUPS = [5, 6, 5, 6];
const LENGTH = GROUPS.reduce((sum, length) => sum + length);
/** The shortest identifier of an election. */
const UUID_LENGTH = 14;
/** The length of a trustee's seed. The specification says 22; the official files have 44. */
export const SEED_LENGTH = 44;

/** Whether a text is made of Base58 characters alone. */
export function isBase58(text: string): boolean {
  return [...text].every((character) => ALPHABET.includes(character));
}

/** Whether a text can be the identifier of an election. */
export function isUuid(text: string): boolean {
  return text.length >= UUID_LENGTH && isBase58(text);
}

/** Random Base58 characters, each equally likely. */
export function randomBase58(length: number): string {
  let text = "";
  while (text.length < length) {
    const bytes = randomBytes(64);
    for (const byte of bytes) {
      // 232 is the largest multiple of 58 in a byte.
      if (byte < 232 && text.length < length) text += ALPHABET.charAt(byte % 58);
    }
    bytes.fill(0);
  }
  return text;
}

/** A new private code, `XXXXX-XXXXXX-XXXXX-XXXXXX`, 128 bits strong. */
export function newCode(): string {
  return grouped(randomBase58(LENGTH));
}

function grouped(characters: string): string {
  let at = 0;
  return GROUPS.map((length) => characters.slice(at, (at += length))).join("-");
}

/** Whether a text has the form of a private code. */
export function isCode(text: string): boolean {
  const groups = text.split("-");
  return groups.length === GROUPS.length && groups.every((group, at) => group.length === GROUPS[at] && isBase58(group));
}

/**
 * The code that somebody typed or pasted, with small slips taken out: spaces, dashes of any kind, none at all.
 *
 * null where what is left is no code. Nothing is guessed: a character that no code has is not replaced.
 */
export function typedCode(text: string): string | null {
  const characters = text.normalize("NFKC").replace(/[\s\p{Pd}\p{Cf}_.·\u2212]/gu, "");
  if (characters.length !== LENGTH || !isBase58(characters)) return null;
  return grouped(characters);
}

/** The secret exponent that a private code gives in the election of an identifier. */
export function secretOf(uuid: string, code: string): bigint {
  if (!isCode(code)) {
    throw new BeleniosError(
      "this is no private code (expected: XXXXX-XXXXXX-XXXXX-XXXXXX, of the characters 1-9, A-Z without I and O, " +
        "a-z without l)",
    );
  }
  return hashToField("derive_credential", `${uuid}|${code}`);
}

/** The public credential of a private code in an election, as 64 digits. */
export function publicCredential(uuid: string, code: string): string {
  return hex(power(GENERATOR, secretOf(uuid, code)));
}

/** Signs a text with a code, without a ballot: shows that somebody has the code of a public credential. */
export function codeSignature(uuid: string, code: string, text: string): string {
  return writtenProof(sign("door", secretOf(uuid, code), text));
}

/** How many public credentials are made between two pauses. */
const AT_ONCE = 16;

/** The public credentials of a code in many elections, by their identifiers; `pause` is awaited now and then. */
export async function publicCredentials(
  uuids: readonly string[],
  code: string,
  pause: () => Promise<void>,
): Promise<Record<string, string>> {
  const found: [string, string][] = [];
  for (let at = 0; at < uuids.length; at += AT_ONCE) {
    const some = uuids.slice(at, at + AT_ONCE);
    const digits = hexes(some.map((uuid) => power(GENERATOR, secretOf(uuid, code))));
    some.forEach((uuid, place) => found.push([uuid, digits[place] as string]));
    await pause();
  }
  return Object.fromEntries(found);
}
