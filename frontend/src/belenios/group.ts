/**
 * The group Ed25519 of the specification (section "Ed25519"): its elements, its scalars, and how both are written.
 *
 * What is read is held to one spelling: 64 lower-case digits, the coordinate below the prime, a point of the curve, and
 * of the subgroup of prime order. Scalars are decimal, reduced, without leading zeros.
 */

import { normalizeZ } from "@noble/curves/abstract/curve.js";
import type { EdwardsPoint } from "@noble/curves/abstract/edwards.js";
import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

const Point = ed25519.Point;
/** The prime below which coordinates are. */
const P = Point.Fp.ORDER;

/** An element of the group: a point of prime order, or the identity. */
export type Element = EdwardsPoint;
/** What every domain separation tag begins with (data version 2). */
export const PREFIX = "BELENIOS-V2";
/** The name of the group, as elections write it. */
export const NAME = "Ed25519";
/** The order q of the group. */
export const ORDER: bigint = Point.Fn.ORDER;
/** The generator g. */
export const GENERATOR: Element = Point.BASE;
/** The identity, which is no key. */
export const IDENTITY: Element = Point.ZERO;

const WINDOW = 6;

/** Builds the table with which the powers of an element are several times as fast; it stays with that object. */
export function prepare(element: Element): Element {
  return element.precompute(WINDOW, false);
}

/** A number as a scalar, from 0 to q - 1. */
export function reduced(number: bigint): bigint {
  const rest = number % ORDER;
  return rest < 0n ? rest + ORDER : rest;
}

/**
 * element^exponent, for secret exponents: the same steps for every exponent, as far as the numbers of JavaScript allow.
 *
 * The exponent 0, which the library refuses, costs what every other does.
 */
export function power(element: Element, exponent: bigint): Element {
  const product = element.multiply(exponent === 0n ? 1n : exponent);
  return exponent === 0n ? IDENTITY : product;
}

/** element^exponent for what everybody knows: faster, in a time that depends on the exponent. */
export function publicPower(element: Element, exponent: bigint): Element {
  return element.multiplyUnsafe(exponent);
}

/** The product of elements, which on the curve is a sum. */
export function product(elements: Iterable<Element>): Element {
  let found = IDENTITY;
  for (const element of elements) found = found.add(element);
  return found;
}

/** The 64 digits of an element: the compressed number in hexadecimal, the highest digit first. */
export function hex(element: Element): string {
  return bytesToHex(element.toBytes().reverse());
}

/** The digits of several elements, with one inversion for all. */
export function hexes(elements: readonly Element[]): string[] {
  return normalizeZ(Point, [...elements]).map(hex);
}

/** Reads an element from its 64 digits; null where that is not its one spelling, or no element of prime order. */
export function parseElement(digits: string): Element | null {
  if (!isHash(digits)) return null;
  const number = BigInt(`0x${digits}`);
  const y = number & ((1n << 255n) - 1n);
  const signed = number >> 255n === 1n;
  // Where x = 0 there is no sign.
  if (y >= P || (signed && (y === 1n || y === P - 1n))) return null;
  let point: Element;
  try {
    point = Point.fromBytes(hexToBytes(digits).reverse());
  } catch {
    return null;
  }
  return point.isTorsionFree() ? point : null;
}

/** Whether a text is 64 lower-case hexadecimal digits. */
export function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** Reads a scalar: decimal, below the order of the group, without sign or leading zeros; null where it is none. */
export function parseScalar(digits: string): bigint | null {
  if (digits.length > 76 || !/^(?:0|[1-9][0-9]*)$/.test(digits)) return null;
  const number = BigInt(digits);
  return number < ORDER ? number : null;
}

/** A random scalar, from the randomness of the browser. */
export function randomScalar(): bigint {
  const wide = randomBytes(64);
  const scalar = BigInt(`0x${bytesToHex(wide)}`) % ORDER;
  wide.fill(0);
  return scalar;
}

/** Random bytes of the browser, at most 65,536. */
export function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}
