/** Trustees (section "Trustees"): who holds the keys of an election. */

import { BeleniosError } from "../error.ts";
import type { Element } from "../group.ts";
import { hex, product } from "../group.ts";
import { Cursor } from "../json.ts";
import { Basic } from "./basic.ts";
import { within } from "./certificate.ts";
import { Threshold } from "./threshold.ts";

/** One person among the trustees. */
export interface Member {
  /** The number of the person among all of them, from 1: the `owner` of a partial decryption. */
  readonly owner: number;
  readonly name: string | null;
  /** The key of the certificate. */
  readonly verification: Element;
  /** The key of the decryption. */
  readonly publicKey: Element;
  /** Whether the person belongs to a group, and so decrypts with a share. */
  readonly grouped: boolean;
}

/** The number and the name, for messages. */
export function described(member: Member): string {
  return `trustee ${member.owner}${member.name === null ? "" : ` (${JSON.stringify(member.name)})`}`;
}

/** The trustees of an election: the single ones and the groups, in order. */
export class Trustees {
  private constructor(readonly items: readonly (Basic | Threshold)[]) {}

  /**
   * Reads the trustees from the text that is hashed.
   *
   * Throws where it is not exactly one list of trustees, compact, with its fields in order. Nothing else is checked.
   */
  static parse(text: string): Trustees {
    const cursor = new Cursor(text);
    const items = cursor.list((item) => {
      const single = item.accept('["Single",');
      if (!single && !item.accept('["Pedersen",')) throw item.wrong('`["Single",` or `["Pedersen",`');
      const trustee = single ? Basic.read(item) : Threshold.read(item);
      item.expect("]");
      return trustee;
    });
    cursor.end();
    const trustees = new Trustees(items);
    // Names are the only strings with more than one spelling; signatures are over the plainest.
    if (trustees.json() !== text) throw new BeleniosError("a name is not written in the one way in which it is signed");
    return trustees;
  }

  /** The trustees as JSON. */
  json(): string {
    const items = this.items.map((item) => `["${kindOf(item)}",${item.json()}]`);
    return `[${items.join(",")}]`;
  }

  /** Every person, in order. */
  members(): Member[] {
    const members: Member[] = [];
    for (const item of this.items) {
      const basic = item instanceof Basic;
      const keys = basic ? [item.keys] : item.certificates.map((certificate) => certificate.keys);
      const published = basic ? [item.verificationKey] : item.verificationKeys;
      published.forEach(({ publicKey, name }, at) => {
        const verification = keys[at]?.verification;
        if (!verification) return;
        members.push({ owner: members.length + 1, name, verification, publicKey, grouped: !basic });
      });
    }
    return members;
  }

  /**
   * Checks everything that can be checked of the trustees: every certificate, commitment, key and signature, and
   * that nobody is there twice. `known` remembers what has been checked, since the urns of an election share their
   * group.
   */
  check(known: Set<string> = new Set()): void {
    if (this.items.length === 0) throw new BeleniosError("there are no trustees");
    this.items.forEach((item, at) => {
      const text = item.json();
      if (known.has(text)) return;
      within(`item ${at + 1} of the trustees (${kindOf(item)})`, () => item.check());
      known.add(text);
    });
    this.#checkDistinct();
    this.key();
  }

  /** Checks that no two persons have the same key. Only in a group with the threshold 1 all public keys are equal. */
  #checkDistinct(): void {
    const owners = new Map<string, { member: Member; ofGroup: boolean }>();
    for (const member of this.members()) {
      for (const [key, ofGroup] of [[member.verification, false], [member.publicKey, member.grouped]] as const) {
        const digits = hex(key);
        const other = owners.get(digits);
        if (!other) owners.set(digits, { member, ofGroup });
        else if (!ofGroup || !other.ofGroup) {
          const both = `${described(other.member)} and ${described(member)}`;
          throw new BeleniosError(`${both} have the same key (expected: a key of its own for each)`);
        }
      }
    }
  }

  /** The public key of the election: the product of the sub-keys. Throws where it is the identity, which is no key. */
  key(): Element {
    const keyOf = (item: Basic | Threshold) => (item instanceof Basic ? item.verificationKey.publicKey : item.key());
    const key = product(this.items.map(keyOf));
    if (key.is0()) throw new BeleniosError("the keys of the trustees make the identity, which is no key");
    return key;
  }
}

function kindOf(item: Basic | Threshold): "Single" | "Pedersen" {
  return item instanceof Basic ? "Single" : "Pedersen";
}
