/** What several screens are made of. */

import { el } from "../../page/dom.ts";
import type { Booth } from "../booth.ts";
import type { Urn } from "../config.ts";
import { fullName } from "../config.ts";
import type { Left } from "../marks.ts";

/** The heading of a screen. */
export function title(text: string): HTMLElement {
  return el("h1", { tabindex: -1 }, text);
}

/** What did not work, in a sentence that is read out; nothing where all is well. */
export function problem({ problem: code, tries, words }: Booth): HTMLElement | null {
  const sentence = words.refusals[code];
  if (sentence === undefined) return null;
  const left = tries === null || code !== "wrong-factor" ? "" : tries === 0 ? words.factor.none : words.factor.left(tries);
  return el("p", { class: "problem", role: "alert", id: "problem" }, `${sentence} ${left}`.trim());
}

/** A button; the first of a screen is full, the others quiet. */
export function button(text: string, click: () => void, id: string, quiet = false, disabled = false): HTMLButtonElement {
  return el("button", { type: "button", id, class: quiet && "quiet", disabled, click }, text);
}

/** The names of a paper with what was made of each, as a list. */
export function marked(booth: Booth, urn: Urn, left: Left): HTMLElement {
  const { mark } = booth.words;
  const [yes, no] = urn.marking === "strike-out" ? [mark.left, mark.struck] : [mark.marked, mark.unmarked];
  const items = urn.candidates.map((person, at) =>
    el(
      "li",
      { class: left[at] ? "yes" : urn.marking === "strike-out" && "struck" },
      el("span", { lang: booth.config.election.language, class: "name" }, fullName(person)),
      el("span", { class: "word" }, left[at] ? yes : no),
    ),
  );
  return el("ul", { class: "marked" }, ...items);
}

/** A moment in the time zone of the election. */
export function moment({ language, config }: Booth, iso: string): string {
  const options = { dateStyle: "long", timeStyle: "short", timeZone: config.election.time_zone } as const;
  return new Intl.DateTimeFormat(language, options).format(new Date(iso));
}

/** A tracking number, that can be read out and compared: in groups of characters, and copied whole. */
export function tracking(number: string): HTMLElement {
  const groups = number.match(/.{1,5}/g) ?? [];
  return el("code", { class: "tracking" }, ...groups.map((group) => el("span", {}, group)));
}
