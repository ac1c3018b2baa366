/** Messages between trustees (sections "Encrypting" and "Channels"): signed, then encrypted. */

import { gcm } from "@noble/ciphers/aes.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { BeleniosError } from "../error.ts";
import type { Element } from "../group.ts";
import { GENERATOR, PREFIX, hex, power, randomScalar } from "../group.ts";
import { Cursor, textOf } from "../json.ts";
import { readProof, sign, verify, writtenProof } from "../proof.ts";

/**
 * An encrypted message. The specification gives it a field `algorithm`; in the files the group's context has it.
 *
 * The cipher is AES-256-GCM with an initialization vector of 32 bytes, as the official files have it.
 */
export class Message {
  private constructor(
    private readonly alpha: Element,
    private readonly beta: Element,
    private readonly data: Uint8Array,
  ) {}

  /** Signs a message, given as JSON, and encrypts it for a recipient; the purpose is the tag without its prefix. */
  static send(purpose: string, signingKey: bigint, recipient: Element, message: string): Message {
    const { inner, outer } = purposes(purpose);
    const channel = `{"recipient":"${hex(recipient)}","message":${message}}`;
    const signed = `{"message":${channel},"signature":${writtenProof(sign(inner, signingKey, channel))}}`;
    const randomness = randomScalar();
    const alpha = power(GENERATOR, randomness);
    const secret = power(GENERATOR, randomScalar());
    const beta = power(recipient, randomness).add(secret);
    const plain = utf8ToBytes(signed);
    const key = derived(outer, "key", secret);
    const data = gcm(key, derived(outer, "iv", alpha)).encrypt(plain);
    key.fill(0);
    plain.fill(0);
    return new Message(alpha, beta, data);
  }

  /**
   * Decrypts a message, checks that the sender signed it for this recipient, and reads it.
   *
   * Errors say nothing of what was decrypted.
   */
  receive<T>(purpose: string, decryptionKey: bigint, sender: Element, read: (cursor: Cursor) => T): T {
    const { inner, outer } = purposes(purpose);
    const { channel, recipient, value, signature } = opened(this.#decrypt(outer, decryptionKey), read);
    if (!verify(inner, sender, channel, signature)) {
      throw new BeleniosError("the signature of the encrypted message is not its sender's");
    }
    if (!recipient.equals(power(GENERATOR, decryptionKey))) {
      throw new BeleniosError("the encrypted message was written to someone else");
    }
    return value;
  }

  #decrypt(purpose: string, decryptionKey: bigint): Uint8Array {
    const key = derived(purpose, "key", this.beta.subtract(power(this.alpha, decryptionKey)));
    try {
      return gcm(key, derived(purpose, "iv", this.alpha)).decrypt(this.data);
    } catch {
      throw new BeleniosError("the message is not encrypted for this trustee, or was changed");
    } finally {
      key.fill(0);
    }
  }

  /** Reads `{"alpha":"…","beta":"…","data":"…"}`. */
  static read(cursor: Cursor): Message {
    cursor.expect('{"alpha":');
    const alpha = cursor.element();
    cursor.expect(',"beta":');
    const beta = cursor.element();
    cursor.expect(',"data":');
    const data = cursor.string();
    if (!/^(?:[0-9a-f]{2})*$/.test(data)) {
      throw cursor.wrong("a text in hexadecimal (lower-case digits, two for each byte)");
    }
    cursor.expect("}");
    return new Message(alpha, beta, hexToBytes(data));
  }

  /** Reads a record that is a message and nothing else. */
  static parse(text: string): Message {
    const cursor = new Cursor(text);
    const message = Message.read(cursor);
    cursor.end();
    return message;
  }

  /** The message as JSON. */
  json(): string {
    return `{"alpha":"${hex(this.alpha)}","beta":"${hex(this.beta)}","data":"${bytesToHex(this.data)}"}`;
  }
}

/**
 * The purpose of the signature of a message, and that of its encryption. The specification puts `-channel_msg_outer`
 * alone behind the latter; in the official files it stands behind the former.
 */
function purposes(purpose: string): { inner: string; outer: string } {
  const inner = `${purpose}-channel_msg_inner`;
  return { inner, outer: `${inner}-channel_msg_outer` };
}

/** The key that a secret element gives, or the initialization vector that a public one gives. */
function derived(purpose: string, what: "key" | "iv", element: Element): Uint8Array {
  return sha256(utf8ToBytes(`${PREFIX}-${purpose}-${what}|${hex(element)}`));
}

/** Takes a decrypted message apart: what is signed, the recipient, the message itself, the signature. */
function opened<T>(bytes: Uint8Array, read: (cursor: Cursor) => T) {
  try {
    const cursor = new Cursor(textOf(bytes));
    cursor.expect('{"message":');
    const start = cursor.position;
    cursor.expect('{"recipient":');
    const recipient = cursor.element();
    cursor.expect(',"message":');
    const value = read(cursor);
    cursor.expect("}");
    const channel = cursor.since(start);
    cursor.expect(',"signature":');
    const signature = readProof(cursor);
    cursor.expect("}");
    cursor.end();
    return { channel, recipient, value, signature };
  } catch {
    throw new BeleniosError("the encrypted message does not hold the record that is expected");
  } finally {
    bytes.fill(0);
  }
}
