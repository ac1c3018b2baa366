/**
 * Strict reading of compact JSON with a known order of fields, and the writing of its strings.
 *
 * The specification hashes what is written, so there is one way to write each record: compact, fields in order. A
 * `Cursor` walks over the text as it stands and takes nothing else; nothing is recursive but `skipValue`, whose depth is
 * bounded.
 */

import { ALPHABET } from "./credential.ts";
import { BeleniosError } from "./error.ts";
import type { Element } from "./group.ts";
import { isHash, parseElement, parseScalar } from "./group.ts";

/** How deep a value that is passed over may be nested. */
const DEPTH = 32;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t",
};

/** The text of bytes in UTF-8. */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new BeleniosError("the record is not UTF-8");
  }
}

/** A place in the text of a record. */
export class Cursor {
  private at = 0;

  constructor(private readonly text: string) {}

  /** How many characters have been read. */
  get position(): number {
    return this.at;
  }

  /** The text read since a position. */
  since(position: number): string {
    return this.text.slice(position, this.at);
  }

  /** Whether these characters come next. */
  peek(expected: string): boolean {
    return this.text.startsWith(expected, this.at);
  }

  /** Passes over characters that must stand here. */
  expect(expected: string): void {
    if (!this.accept(expected)) throw this.wrong(`\`${expected}\``);
  }

  /** Passes over characters if they stand here, and says whether they did. */
  accept(expected: string): boolean {
    const here = this.peek(expected);
    if (here) this.at += expected.length;
    return here;
  }

  /** Nothing may follow. */
  end(): void {
    if (this.at !== this.text.length) throw this.wrong("the end of the record");
  }

  /** The error that something else stands here; what stands here is shown, at most 24 characters of it. */
  wrong(expected: string): BeleniosError {
    const rest = this.text.slice(this.at, this.at + 24);
    const seen = rest === "" ? "the end" : JSON.stringify(rest);
    return new BeleniosError(`character ${this.at}: ${seen} stands where ${expected} is expected`);
  }

  /** A list: `[`, items with commas between them, `]`. */
  list<T>(item: (cursor: Cursor) => T): T[] {
    this.expect("[");
    const items: T[] = [];
    if (this.accept("]")) return items;
    for (;;) {
      items.push(item(this));
      if (this.accept("]")) return items;
      this.expect(",");
    }
  }

  /** A string of a given meaning, without escapes. */
  private plain<T>(expected: string, parse: (text: string) => T | null): T {
    const end = this.peek('"') ? this.text.indexOf('"', this.at + 1) : -1;
    const inside = end < 0 ? null : this.text.slice(this.at + 1, end);
    const parsed = inside === null ? null : parse(inside);
    if (parsed === null) throw this.wrong(expected);
    this.at = end + 1;
    return parsed;
  }

  /** An element of the group, fully checked. */
  element(): Element {
    return this.plain("a group element (64 hexadecimal digits of a point of prime order)", parseElement);
  }

  /** The 64 digits of an element; whether there is one is not looked at. */
  digits(): string {
    return this.plain("a group element (64 lower-case hexadecimal digits)", (text) => (isHash(text) ? text : null));
  }

  /** A scalar. */
  scalar(): bigint {
    return this.plain("a decimal number below the order of the group", parseScalar);
  }

  /** A hash. */
  hash(): string {
    return this.plain("a hash (64 lower-case hexadecimal digits)", (text) => (isHash(text) ? text : null));
  }

  /** A small number: decimal, not negative, below 2^53, without sign, fraction, exponent or leading zeros. */
  number(): number {
    const digits = this.run(/[0-9]*/y);
    const value = Number(digits);
    if (!/^(?:0|[1-9][0-9]{0,15})$/.test(digits) || !Number.isSafeInteger(value)) {
      throw this.wrong("a number below 2^53");
    }
    this.at += digits.length;
    return value;
  }

  /** Base58 characters, as many as there are. */
  base58(): string {
    const start = this.at;
    while (this.at < this.text.length && ALPHABET.includes(this.text.charAt(this.at))) this.at += 1;
    if (this.at === start) throw this.wrong("an identifier in Base58");
    return this.since(start);
  }

  /** `true` or `false`. */
  boolean(): boolean {
    if (this.accept("true")) return true;
    if (this.accept("false")) return false;
    throw this.wrong("true or false");
  }

  /** A string with whatever escapes. */
  string(): string {
    this.expect('"');
    let value = "";
    for (;;) {
      const plain = this.run(/[^"\\\u0000-\u001f]*/y);
      value += plain;
      this.at += plain.length;
      if (this.accept('"')) return value;
      if (!this.peek("\\")) throw this.wrong("a printable character, or the end of a string");
      value += this.escape();
    }
  }

  private escape(): string {
    const [surrogates] = /\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}/y.exec(this.ahead(12)) ?? [];
    const [unit] = /^\\u(?![dD][89a-fA-F])[0-9a-fA-F]{4}/.exec(this.ahead(6)) ?? [];
    const written = surrogates ?? unit;
    if (written !== undefined) {
      this.at += written.length;
      return String.fromCharCode(...written.slice(2).split("\\u").map((digits) => parseInt(digits, 16)));
    }
    const plain = ESCAPES[this.text.charAt(this.at + 1)];
    if (plain === undefined) throw this.wrong("an escape of JSON");
    this.at += 2;
    return plain;
  }

  /** Passes over any value, compact, not too deep. */
  skipValue(depth = DEPTH): void {
    if (depth === 0) throw this.wrong("no deeper nesting");
    if (this.peek('"')) {
      this.string();
    } else if (this.peek("[")) {
      this.list((cursor) => cursor.skipValue(depth - 1));
    } else if (this.accept("{")) {
      if (this.accept("}")) return;
      do {
        this.string();
        this.expect(":");
        this.skipValue(depth - 1);
      } while (this.accept(","));
      this.expect("}");
    } else if (this.peek("t") || this.peek("f")) {
      this.boolean();
    } else if (this.peek("n")) {
      this.expect("null");
    } else {
      const number = this.run(/[-+.0-9eE]*/y);
      if (number === "") throw this.wrong("a value");
      this.at += number.length;
    }
  }

  /** What a sticky expression matches here; the place stays. */
  private run(expression: RegExp): string {
    expression.lastIndex = this.at;
    return expression.exec(this.text)?.[0] ?? "";
  }

  private ahead(length: number): string {
    return this.text.slice(this.at, this.at + length);
  }
}

/** A string as JSON, as the official files have it: quotes, backslashes and control characters escaped, no others. */
export function written(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}
