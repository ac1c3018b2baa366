/** Secret polynomials, and what is published of them (sections "Derived polynomials" and "Vinputs"). */

import { BeleniosError } from "../error.ts";
import type { Element } from "../group.ts";
import { GENERATOR, IDENTITY, hexes, power, product, publicPower, reduced } from "../group.ts";
import { hashToFields, sha256Hex } from "../hash.ts";
import type { Cursor } from "../json.ts";

/** The tag under which coefficients are derived. It alone has no `-SHA256` behind it in the official files. */
const TAG = "BELENIOS-V2-pedersen-polynomial";
/** No hash gives more coefficients (RFC 9380, section 5.3.1). */
const MOST = 170;

/** f, the secret polynomial of a trustee: its coefficients, the constant one first. */
export class Polynomial {
  private constructor(private readonly secret: readonly bigint[]) {}

  /** The polynomial that a seed gives, of as many coefficients as the threshold. */
  static derive(seed: Uint8Array, threshold: number): Polynomial {
    if (threshold > MOST) throw new BeleniosError(`a threshold of ${threshold} (expected: at most ${MOST})`);
    return new Polynomial(hashToFields(TAG, seed, threshold));
  }

  /** f(index). */
  evaluate(index: number): bigint {
    return this.secret.reduceRight((value, coefficient) => reduced(value * BigInt(index) + coefficient), 0n);
  }

  /** What is published of it. */
  coefficients(): Coefficients {
    return new Coefficients(this.secret.map((coefficient) => power(GENERATOR, coefficient)));
  }
}

/** The exponentiated coefficients A = g^a of a polynomial. */
export class Coefficients {
  constructor(readonly elements: readonly Element[]) {}

  /** Reads `{"coefexps":[…]}`. */
  static read(cursor: Cursor): Coefficients {
    cursor.expect('{"coefexps":');
    const elements = cursor.list((item) => item.element());
    cursor.expect("}");
    return new Coefficients(elements);
  }

  /** The coefficients as JSON. */
  json(): string {
    const digits = this.elements.length === 0 ? [] : hexes(this.elements);
    return `{"coefexps":[${digits.map((element) => `"${element}"`).join(",")}]}`;
  }

  /** The hash that a certificate holds. */
  hash(): string {
    return sha256Hex(this.json());
  }

  /** g^f(index), from what is published. */
  evaluate(index: number): Element {
    const at = BigInt(index);
    return this.elements.reduceRight((value, coefficient) => publicPower(value, at).add(coefficient), IDENTITY);
  }

  /** The coefficients of the sum of polynomials, which all have the same number. */
  static product(of: readonly Coefficients[]): Coefficients {
    const places = (of[0]?.elements ?? []).map((_, place) => of.flatMap(({ elements }) => elements[place] ?? []));
    return new Coefficients(places.map(product));
  }
}
