/**
 * The documents that are to be signed, as the service gives them. What is shown is read from the very bytes that are
 * signed.
 */

import { sha256Hex, utf8 } from "../keyfile/bytes.ts";
import { canonical } from "../keyfile/canonical.ts";
import type { Json } from "../keyfile/canonical.ts";

export interface Document {
  readonly sha256: string;
  readonly kind: string;
  readonly title: string;
  /** The exact text that is signed, in UTF-8. */
  readonly text: string;
  /** Where the same stands as a PDF; empty where there is none. */
  readonly paper: string;
  readonly signed: boolean;
}

/** Data as they stand in a document: every field may be missing, since an official may be shown anything. */
export type Data = { readonly [key: string]: Json };

/** The documents in an answer of the service. Throws where it has another form. */
export function documentsOf(answer: unknown): Document[] {
  const { documents } = (answer ?? {}) as { documents?: unknown };
  if (!Array.isArray(documents)) throw new Error("the answer of the service has another form");
  return documents as Document[];
}

/** A document whose text was read, or why it cannot be signed. */
export type Read = { readonly lines: readonly Data[] } | { readonly wrong: "hash" | "form" };

/**
 * Reads a document: its hash is computed anew, and its text must be canonical JSON, so that what a person sees is
 * all that there is. A roster has a line for each committee, every other document is one line.
 */
export function read(document: Document): Read {
  if (sha256Hex(utf8(document.text)) !== document.sha256) return { wrong: "hash" };
  const roster = document.kind === "roster";
  if (roster && !document.text.endsWith("\n")) return { wrong: "form" };
  const texts = roster ? document.text.slice(0, -1).split("\n") : [document.text];
  try {
    const lines = texts.map((text) => JSON.parse(text) as Json);
    const right = lines.every((line, at) => isData(line) && canonical(line) === texts[at]);
    return right ? { lines: lines as Data[] } : { wrong: "form" };
  } catch {
    return { wrong: "form" };
  }
}

function isData(value: Json): value is Data {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field that is an object; an empty one where it is none. */
export function data(value: Json | undefined): Data {
  return value !== undefined && isData(value) ? value : {};
}

/** A field that is a list of objects. */
export function list(value: Json | undefined): readonly Data[] {
  return Array.isArray(value) ? value.map((item: Json) => data(item)) : [];
}

/** A field that is a list of texts or numbers. */
export function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map((item: Json) => text(item)) : [];
}

/** A field as a text; empty where there is none. */
export function text(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
