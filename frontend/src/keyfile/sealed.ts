// What lies in a file sealed under a passphrase: scrypt makes the key, ChaCha20-Poly1305 seals, and the head of the
// file is authenticated with the secret, so that nobody can put another name over it.

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { type Bytes, fromHex, random, toHex, utf8 } from "./bytes.ts";
import { canonical, isText, type Json } from "./canonical.ts";

export const SHORTEST_PASSPHRASE = 12;

/** 128 MiB and about a second a guess in a browser: the cost that OWASP names first. */
const COST = { n: 2 ** 17, r: 8, p: 1 };
/** A file from elsewhere must not make this machine compute for ever: at most a GiB. */
const MOST = 2 ** 23;
const KDF = "scrypt";
const CIPHER = "chacha20-poly1305";

export type Progress = (done: number) => void;
export type Head = { readonly [key: string]: Json };

/** Why a file does not open: it is no such file, or the passphrase is not the one that it was made with. */
export class SealedError extends Error {
  constructor(readonly reason: "no-file" | "does-not-open" | "short-passphrase") {
    super(reason);
  }
}

/** Whether a passphrase is long enough for a new file, counted in characters as people count them. */
export function longEnough(passphrase: string): boolean {
  return isText(passphrase) && [...passphrase].length >= SHORTEST_PASSPHRASE;
}

/** The text of a new file: a head, what opens it, and the sealed secret. */
export async function seal(head: Head, passphrase: string, secret: Uint8Array, progress?: Progress): Promise<string> {
  if (!longEnough(passphrase)) throw new SealedError("short-passphrase");
  const salt = random(16);
  const nonce = random(12);
  const full: Head = {
    ...head,
    kdf: { name: KDF, salt: toHex(salt), ...COST },
    cipher: { name: CIPHER, nonce: toHex(nonce) },
  };
  const key = await derive(passphrase, salt, COST, progress);
  const sealed = chacha20poly1305(key, nonce, utf8(canonical(full))).encrypt(secret);
  key.fill(0);
  return JSON.stringify({ ...full, sealed: toHex(sealed) }, null, 1) + "\n";
}

/** A file taken apart, everything in it of the right form; its secret still sealed. */
export interface SealedFile {
  /** All of the file but `sealed`: what was authenticated. */
  readonly head: Head;
  readonly sealed: Bytes;
}

/** Reads a file of a format with these fields beside its own. Throws SealedError where it is none. */
export function parse(text: string, format: string, fields: readonly string[]): SealedFile {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new SealedError("no-file");
  }
  if (!isObject(data)) throw new SealedError("no-file");
  const { sealed, ...head } = data;
  const bytes = fromHex(sealed);
  const expected = ["cipher", "format", "kdf", ...fields].sort().join();
  if (!bytes || head["format"] !== format || Object.keys(head).sort().join() !== expected || !parameters(head)) {
    throw new SealedError("no-file");
  }
  return { head: head as Head, sealed: bytes };
}

/** Opens a file. Throws SealedError where the passphrase is not the right one, or the file was changed. */
export async function open(file: SealedFile, passphrase: string, progress?: Progress): Promise<Bytes> {
  const found = parameters(file.head);
  if (!found) throw new SealedError("no-file");
  if (!isText(passphrase)) throw new SealedError("does-not-open");
  const key = await derive(passphrase, found.salt, found.cost, progress);
  try {
    const opened = chacha20poly1305(key, found.nonce, utf8(canonical(file.head))).decrypt(file.sealed);
    return Uint8Array.from(opened);
  } catch {
    throw new SealedError("does-not-open");
  } finally {
    key.fill(0);
  }
}

type Cost = typeof COST;

async function derive(passphrase: string, salt: Bytes, cost: Cost, progress?: Progress): Promise<Uint8Array> {
  const memory = 128 * cost.r * (cost.n + cost.p) + 1024;
  const options = { N: cost.n, r: cost.r, p: cost.p, dkLen: 32, maxmem: memory };
  return scryptAsync(utf8(passphrase), salt, progress ? { ...options, onProgress: progress } : options);
}

/** How a file is opened; nothing where its head does not say so in the right form. */
function parameters(head: Record<string, unknown>): { salt: Bytes; cost: Cost; nonce: Bytes } | null {
  const kdf = head["kdf"];
  const cipher = head["cipher"];
  if (!isObject(kdf) || !isObject(cipher) || kdf["name"] !== KDF || cipher["name"] !== CIPHER) return null;
  const [n, r, p] = [kdf["n"], kdf["r"], kdf["p"]];
  const salt = fromHex(kdf["salt"]);
  const nonce = fromHex(cipher["nonce"]);
  if (!isWhole(n, 2 ** 14, 2 ** 20) || !Number.isInteger(Math.log2(n))) return null;
  if (!isWhole(r, 1, 16) || !isWhole(p, 1, 16) || n * r * p > MOST) return null;
  if (!salt || salt.length < 16 || nonce?.length !== 12) return null;
  return { salt, cost: { n, r, p }, nonce };
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
