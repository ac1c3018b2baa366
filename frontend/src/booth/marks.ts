/** What the marks on a paper mean: pure functions of the question and of the names that are left. */

import type { Question } from "../belenios/election.ts";
import type { UrnConfig } from "./config.ts";

/** For each candidate, whether the name is left (or marked): a vote for it. */
export type Left = readonly boolean[];

/** The paper before anything is marked: where names are struck out, all are left; where they are marked, none. */
export function untouched(urn: UrnConfig): Left {
  return urn.candidates.map(() => urn.marking === "strike-out");
}

/** The marks with that of one name taken the other way. */
export function toggled(left: Left, at: number): Left {
  return left.map((value, place) => (place === at ? !value : value));
}

/** What a paper says as it is marked. */
export type Verdict =
  | { readonly is: "valid" | "nobody" | "empty" }
  | { readonly is: "many" | "few"; readonly by: number };

/**
 * Whether the paper can be sealed: `valid` with names left, `nobody` with none where the question allows that.
 *
 * `many` and `few` say by how many names; `empty` is a paper with none where the question does not allow it.
 */
export function verdict({ min, max, blank }: Question, left: Left): Verdict {
  const count = left.filter(Boolean).length;
  if (count > max) return { is: "many", by: count - max };
  if (count === 0 && (blank || min === 0)) return { is: "nobody" };
  if (count < min) return count === 0 ? { is: "empty" } : { is: "few", by: min - count };
  return { is: "valid" };
}

/** Whether a paper of this verdict can be sealed. */
export function sealable(found: Verdict): boolean {
  return found.is === "valid" || found.is === "nobody";
}

/** The numbers that are sealed: 0 or 1 for each name, after one for the blank vote where the question has it. */
export function choicesOf({ blank }: Question, left: Left): number[] {
  const names = left.map(Number);
  return blank ? [Number(!left.includes(true)), ...names] : names;
}

/** The names that are left, back from the numbers. */
export function leftOf({ blank }: Question, choices: readonly number[]): Left {
  return choices.slice(Number(blank)).map((value) => value === 1);
}
