/** The context of a group of trustees with a threshold (section "Pedersen certificates", `common_context`). */

import { BeleniosError } from "../error.ts";
import { NAME } from "../group.ts";
import { Cursor, written } from "../json.ts";

/** The cipher of the messages between trustees. Archives name it; the specification has no such field here. */
const ALGORITHM = "AES-GCM";
/** The largest group; its exponents j^k stay small numbers, and its checks short. */
const LARGEST = 10_000;

/** What the trustees of a group agree on beforehand: their names in order, and how many of them decrypt (t + 1). */
export class Context {
  constructor(
    readonly names: readonly string[],
    readonly threshold: number,
  ) {}

  /** The context as JSON. */
  json(): string {
    const names = this.names.map(written).join(",");
    return `{"algorithm":"${ALGORITHM}","group":"${NAME}","names":[${names}],"threshold":${this.threshold}}`;
  }

  /** Refuses a context with which no group may be founded: the limits of the official tool. */
  checkNew(): void {
    this.#check(this.names.length - 1, "below the number of names");
  }

  /** Refuses a context that no published group can have: a threshold equal to the number of names is sound. */
  check(): void {
    this.#check(this.names.length, "at most the number of names");
  }

  #check(most: number, limit: string): void {
    if (this.threshold > 0 && this.threshold <= most && this.names.length <= LARGEST) return;
    throw new BeleniosError(
      `a threshold of ${this.threshold} with ${this.names.length} names (expected: above 0, ${limit}, at most ` +
        `${LARGEST} names)`,
    );
  }

  static read(cursor: Cursor): Context {
    cursor.expect(`{"algorithm":"${ALGORITHM}","group":"${NAME}","names":`);
    const names = cursor.list((item) => item.string());
    cursor.expect(',"threshold":');
    const threshold = cursor.number();
    cursor.expect("}");
    return new Context(names, threshold);
  }

  /** Reads a record that is a context of a new group and nothing else. */
  static parse(text: string): Context {
    const cursor = new Cursor(text);
    const context = Context.read(cursor);
    cursor.end();
    context.checkNew();
    return context;
  }
}
