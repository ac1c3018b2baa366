// Key files of committee members (suffrage-key/1): an Ed25519 key under a passphrase, as `suffrage keys new` writes
// them.

import { ed25519 } from "@noble/curves/ed25519.js";
import { type Bytes, fromHex, random, sha256Hex, toHex, utf8 } from "./bytes.ts";
import * as sealed from "./sealed.ts";

export const FORMAT = "suffrage-key/1";

/** An opened key. Its secret half is used by this object alone, and wiped by `wipe`. */
export class SigningKey {
  readonly #secret: Bytes;
  /** The public half, in hexadecimal. */
  readonly key: string;

  constructor(
    /** Whose it is, as the file says. */
    readonly name: string,
    secret: Bytes,
  ) {
    this.#secret = secret;
    this.key = toHex(ed25519.getPublicKey(secret));
  }

  /** A new key, from the randomness of the browser. */
  static create(name: string): SigningKey {
    return new SigningKey(name, random(32));
  }

  /** The signature of bytes, in hexadecimal. */
  sign(data: Uint8Array): string {
    return toHex(ed25519.sign(data, this.#secret));
  }

  /** The text of a key file. Throws SealedError where the passphrase is short. */
  file(passphrase: string, progress?: sealed.Progress): Promise<string> {
    const head = { format: FORMAT, name: this.name, public: this.key };
    return sealed.seal(head, passphrase, this.#secret, progress);
  }

  /** Overwrites the secret half; the key signs nothing afterwards. */
  wipe(): void {
    this.#secret.fill(0);
  }
}

/** The public half of a key file, believed only once the key has been opened. Throws SealedError where it is none. */
export function publicHalf(text: string): { name: string; key: string } {
  const { name, key } = read(text);
  return { name, key };
}

/** Opens a key file. Throws SealedError where it is none, or the passphrase is not the right one. */
export async function open(text: string, passphrase: string, progress?: sealed.Progress): Promise<SigningKey> {
  const { file, name, key } = read(text);
  const secret = await sealed.open(file, passphrase, progress);
  const opened = new SigningKey(name, secret);
  if (opened.key === key) return opened;
  opened.wipe();
  throw new sealed.SealedError("does-not-open");
}

/** What people compare: the SHA-256 of the public bytes. */
export function fingerprint(key: string): string {
  return sha256Hex(fromHex(key) ?? new Uint8Array());
}

/** What is signed when a public key is registered: that its owner has the secret half. */
export function registration(key: SigningKey, name: string): { key: string; proof: string } {
  return { key: key.key, proof: key.sign(utf8(`suffrage-key-proof|${key.key}|${name}`)) };
}

function read(text: string): { file: sealed.SealedFile; name: string; key: string } {
  const file = sealed.parse(text, FORMAT, ["name", "public"]);
  const { name, public: key } = file.head;
  const right = fromHex(key)?.length === 32 && file.sealed.length === 48;
  if (!right || typeof name !== "string" || typeof key !== "string") throw new sealed.SealedError("no-file");
  return { file, name, key };
}
