// Bytes and their lower-case hexadecimal, which is how every file of a key or of codes writes them.

import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { sha256 } from "@noble/hashes/sha2.js";

export type Bytes = Uint8Array<ArrayBuffer>;

/** A text in UTF-8. */
export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

/** Bytes in hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  return bytesToHex(bytes);
}

/** The bytes that hexadecimal digits stand for; nothing where a text is not such. */
export function fromHex(digits: unknown): Bytes | null {
  if (typeof digits !== "string" || digits.length % 2 !== 0 || !/^[0-9a-f]*$/.test(digits)) return null;
  return Uint8Array.from(hexToBytes(digits));
}

/** The SHA-256 of bytes, in hexadecimal. */
export function sha256Hex(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

/** Random bytes of the browser. */
export function random(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}
