/** `HashToField` and `HashGroup` (section "Auxiliary functions"): RFC 9380 with SHA-256, into the field of the scalars. */

import { expand_message_xmd } from "@noble/curves/abstract/hash-to-curve.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { ORDER, PREFIX } from "./group.ts";

/** The length in bytes of a field element before it is reduced: 253 bits and 128 of security (RFC 9380, section 5.1). */
const ELEMENT = 48;

/** SHA-256 of a text in UTF-8, or of bytes, in hexadecimal: what the specification calls a hash. */
export function sha256Hex(data: string | Uint8Array): string {
  return bytesToHex(sha256(bytesOf(data)));
}

/** `hash_to_field` (RFC 9380, section 5.2) for the field of the scalars, with the tag exactly as given. */
export function hashToFields(tag: string, message: string | Uint8Array, count: number): bigint[] {
  const bytes = expand_message_xmd(bytesOf(message), utf8ToBytes(tag), count * ELEMENT, sha256);
  const scalars: bigint[] = [];
  for (let at = 0; at < bytes.length; at += ELEMENT) {
    scalars.push(BigInt(`0x${bytesToHex(bytes.subarray(at, at + ELEMENT))}`) % ORDER);
  }
  bytes.fill(0);
  return scalars;
}

/**
 * `HashToField(prefix-purpose, message, 1)`.
 *
 * The specification does not say that the tag ends in `-SHA256`; the official archives do.
 */
export function hashToField(purpose: string, message: string | Uint8Array): bigint {
  return one(`${PREFIX}-${purpose}-SHA256`, message);
}

/** `HashGroup(prefix-purpose, message, elements)`, the elements as their 64 digits. */
export function hashGroup(purpose: string, message: string, elements: readonly string[]): bigint {
  return one(`${PREFIX}-${purpose}-group_hash-Ed25519-SHA256`, message + elements.join(","));
}

function one(tag: string, message: string | Uint8Array): bigint {
  return hashToFields(tag, message, 1)[0] as bigint;
}

function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === "string" ? utf8ToBytes(data) : data;
}
