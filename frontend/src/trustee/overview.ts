/** Who has done what: the steps of the trustee, the keys of all, and the urns. */

import type { Child } from "../page/dom.ts";
import { el, keyIcon } from "../page/dom.ts";
import type { Config, State, Step, Urn } from "./state.ts";
import { doneBy, progressOf } from "./state.ts";
import type { Words } from "./words.ts";

/** The row of steps, this trustee's marked. */
export function stepsList(words: Words, state: State | null, made: boolean): HTMLElement {
  const at = state ? progressOf(state, made) : 0;
  const items = words.steps.map((name, number) => el("li", { "aria-current": number === at ? "step" : null }, name));
  return el("ol", { class: "steps", "aria-label": words.stepsLabel }, ...items);
}

/** What the election is, where nothing in it counts. */
export function banner(words: Words, { election: { kind } }: Config): HTMLElement | null {
  return kind === "rehearsal" || kind === "demo" ? el("p", { class: "banner" }, words.kinds[kind]) : null;
}

/** The urns where there are any, and before that the trustees. */
export function overview(words: Words, state: State, config: Config, language: string): HTMLElement {
  const urns = state.phase === "ready" && state.urns.length > 0;
  return urns ? urnsTable(words, state, language) : keysGrid(words, state, config);
}

/** The trustees, each with a key that is turned once all of the ceremony is done. */
function keysGrid(words: Words, state: State, config: Config): HTMLElement {
  const people = state.names.map((name, at) => {
    const done = furthest(state, name);
    const whole = done === "share" || done === "single" || state.phase === "ready";
    const you = at + 1 === config.trustee.index ? ` (${words.person.you})` : "";
    const text = whole && done === "none" ? words.person.share : words.person[done];
    return el(
      "li", { class: whole ? "turned" : null },
      keyIcon(), el("p", {}, el("b", {}, name), you, el("br"), el("span", { class: "muted" }, text)),
    );
  });
  return el("ul", { class: "keys" }, ...people);
}

function furthest(state: State, name: string): Step | "none" {
  const steps: Step[] = state.context === null ? ["single"] : ["share", "polynomial", "certificate"];
  return steps.find((step) => doneBy(state, step).includes(name)) ?? "none";
}

/** The urns with what they hold, and what they still need. */
function urnsTable(words: Words, state: State, language: string): HTMLElement {
  const number = new Intl.NumberFormat(language);
  const cell = (label: string | undefined, child: Child) => el("td", { "data-label": label }, child);
  const rows = state.urns.map((urn) => {
    const [, ballots, voters, needed, yours] = words.columns;
    const ballot = `${words.ballot[urn.ballot === 2 ? 2 : 1]} · ${urn.uuid}`;
    const name = el("th", { scope: "row" }, urn.name, el("br"), el("small", { class: "muted" }, ballot));
    if (urn.rehearsal) name.append(" ", el("span", { class: "tag in" }, words.rehearsal));
    return el(
      "tr", {}, name, cell(ballots, number.format(urn.ballots)), cell(voters, number.format(urn.voters)),
      cell(needed, number.format(urn.needed)), cell(yours, yourKey(words, urn)),
    );
  });
  const head = words.columns.map((column) => el("th", { scope: "col" }, column));
  return el(
    "table", { class: "urns", "aria-label": words.tableLabel },
    el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows),
  );
}

function yourKey(words: Words, urn: Urn): HTMLElement {
  if (urn.done) return el("span", { class: "tag el" }, `✓ ${words.turned}`);
  if (urn.needed === 0) return el("span", { class: "muted" }, words.notNeeded);
  return el("span", { class: "tag in" }, words.notTurned);
}
