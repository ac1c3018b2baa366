/** Fingerprints: what people compare of a list, an election or a ballot. */

import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

/** The SHA-256 of a text in Base64 without padding, as the official tool shows it. Of a ballot: the tracking number. */
export function trackingNumber(text: string): string {
  return btoa(String.fromCharCode(...sha256(utf8ToBytes(text)))).replace(/=+$/, "");
}
