/** What the trustee's key does: the records of the ceremony, and whether a key is this trustee's at all. */

import { BeleniosError } from "../belenios/error.ts";
import { Basic } from "../belenios/trustee/basic.ts";
import { Context } from "../belenios/trustee/context.ts";
import { ownerOf } from "../belenios/trustee/decryption.ts";
import { checkedCertificates, newCertificate, placeOf, polynomial, share } from "../belenios/trustee/pedersen.ts";
import type { Seed } from "../belenios/trustee/seed.ts";
import { Trustees } from "../belenios/trustee/trustees.ts";
import type { State, Step } from "./state.ts";
import { hasDone, pendingUrns } from "./state.ts";

/** Who the trustee is: the place among the names, from 1. */
export interface Person {
  readonly name: string;
  readonly index: number;
}

/** Checks that the context, which is signed, says what this page shows: the names in order, and how many decrypt. */
export function checkContext(state: State, person: Person): void {
  if (state.names[person.index - 1] !== person.name) throw new BeleniosError("your name stands at another place");
  if (state.context === null) return;
  const { names, threshold } = Context.parse(state.context);
  if (threshold !== state.threshold || names.join("\n") !== state.names.join("\n")) {
    throw new BeleniosError("the context that would be signed has other names or another threshold than this page");
  }
}

/** The record of a step, from what the others have published. Throws BeleniosError where their parts do not hold. */
export function recordOf(step: Step, state: State, person: Person, seed: Seed): string {
  checkContext(state, person);
  if (step === "single") return Basic.make(seed, person.name).json();
  const context = state.context ?? "";
  if (step === "certificate") return newCertificate(context, person.index, seed).json();
  const certificates = state.certificates ?? [];
  if (step === "polynomial") return polynomial(context, certificates, seed);
  return share(context, certificates, seed, state.vinput ?? "");
}

/** The name under which the key of a seed is kept. */
export function identityOf(state: State, person: Person, seed: Seed): string {
  if (state.context === null) return Basic.make(seed, person.name).id();
  return newCertificate(state.context, person.index, seed).id();
}

/** Why a key is not this trustee's, and whose it is where that is known. */
export interface Stranger {
  readonly why: "other-trustee" | "stranger" | "certificate";
  readonly name: string;
}

/** Finds out whether a key is this trustee's in this election, before anything is sent; null where it is. */
export function strangerOf(state: State, person: Person, seed: Seed): Stranger | null {
  for (const urn of pendingUrns(state)) {
    const owner = ownerOf(seed, Trustees.parse(urn.trustees).members());
    if (owner === null) return { why: "stranger", name: "" };
    if (owner.owner !== urn.owner) return { why: "other-trustee", name: owner.name ?? String(owner.owner) };
  }
  if (state.context !== null && state.certificates !== null && state.certificates.length > 0) {
    const place = placeIn(state.context, state.certificates, seed);
    if (place === person.index) return null;
    return place === null
      ? { why: "stranger", name: "" }
      : { why: "other-trustee", name: state.names[place - 1] ?? String(place) };
  }
  const kept = hasDone(state, "certificate") || hasDone(state, "single");
  if (kept && state.identity !== null && identityOf(state, person, seed) !== state.identity) {
    return { why: "certificate", name: "" };
  }
  return null;
}

function placeIn(context: string, certificates: readonly string[], seed: Seed): number | null {
  const parsed = checkedCertificates(context, certificates);
  try {
    return placeOf(parsed, seed);
  } catch (error) {
    if (error instanceof BeleniosError) return null;
    throw error;
  }
}
