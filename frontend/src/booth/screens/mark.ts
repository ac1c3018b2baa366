/** The ballot paper. */

import { el, svg } from "../../page/dom.ts";
import type { Words } from "../../words/index.ts";
import type { Booth } from "../booth.ts";
import type { Candidate, Urn } from "../config.ts";
import type { Screen } from "../frame.ts";
import { sealable, toggled, untouched, verdict } from "../marks.ts";
import { contestName } from "../receipt.ts";
import { button, problem } from "./parts.ts";

/** How a pen strikes a name out, not twice alike. */
const STROKES = [
  "M2 40 C60 34 130 47 200 38 S330 46 380 33 C300 52 180 50 30 58 C140 54 270 60 372 52",
  "M4 46 C70 36 150 50 220 40 S340 40 388 36",
  "M2 50 C80 40 120 52 190 42 S320 52 384 40 C290 56 160 52 24 62",
];
const CROSS = "M22 22 C40 44 60 62 80 78 M78 20 C60 42 40 60 20 80";

export function mark(booth: Booth): Screen {
  const { urn, words, config } = booth;
  const heading = el("h1", { class: "t", tabindex: -1 }, words.mark.title);
  const says = el("p", { role: "status", id: "says" });
  const bar = document.createDocumentFragment();
  const rows = urn.candidates.map((person, at) => row(booth, person, at, () => {
    booth.left = toggled(booth.left, at);
    tell();
  }));
  const seal = button(words.mark.seal, () => void booth.seal(progressed), "seal");
  const reset = button(words.mark.reset, () => {
    booth.left = untouched(urn);
    tell();
  }, "reset", true);

  function tell(): void {
    const found = verdict(urn.question, booth.left);
    rows.forEach(({ element, word }, at) => {
      const left = booth.left[at] === true;
      element.setAttribute("aria-pressed", String(urn.marking === "strike-out" ? !left : left));
      word.textContent = wordOf(urn, words, left);
    });
    says.textContent = sentence(urn, words, booth.left);
    seal.disabled = !sealable(found);
    reset.hidden = booth.left.every((value, at) => value === untouched(urn)[at]);
  }

  tell();
  bar.append(says, reset, seal);
  const content = { lang: config.election.language };
  return {
    heading,
    nodes: [
      problem(booth),
      booth.votedHere && el("p", { class: "note" }, words.mark.voted),
      el(
        "section",
        { class: "paper" },
        el(
          "div",
          { class: "head" },
          heading,
          el("div", content, config.election.title),
          el("div", { class: "muted", ...content }, contestName(urn, words)),
        ),
        el("p", { class: "rule" }, rule(urn, words)),
        ...rows.map(({ element }) => element),
      ),
      el("div", { class: "says" }, bar),
    ],
  };
}

function progressed(done: number): void {
  const bar = document.querySelector("progress");
  if (bar !== null) bar.value = done;
}

interface Row {
  readonly element: HTMLButtonElement;
  readonly word: HTMLElement;
}

function row(booth: Booth, person: Candidate, at: number, click: () => void): Row {
  const { urn, words, config } = booth;
  const struck = urn.marking === "strike-out";
  const content = { lang: config.election.language };
  const word = el("span", { class: "word" });
  const drawing = struck
    ? svg("svg", { viewBox: "0 0 400 100", preserveAspectRatio: "none", "aria-hidden": "true" }, stroke(STROKES[at % STROKES.length] as string))
    : svg("svg", { viewBox: "0 0 100 100", "aria-hidden": "true" }, svg("rect", { x: 4, y: 4, width: 92, height: 92 }), stroke(CROSS));
  const facts = [person.occupation, person.party].filter((text) => text !== "").join("; ");
  const by = el(
    "span",
    { class: "by" },
    facts !== "" && el("span", content, facts),
    person.supporters.length > 0 &&
      el("span", {}, `${words.mark.nominated} `, el("span", content, person.supporters.join("; "))),
  );
  const element = el(
    "button",
    { type: "button", id: `candidate-${at + 1}`, class: struck ? "cand" : "cand box", "aria-pressed": "false", click },
    el("span", { class: "n" }, person.number, " "),
    el("span", { class: "s", ...content }, person.surname, " ", el("small", {}, person.names), " "),
    by,
    " ",
    word,
  );
  element.append(drawing);
  return { element, word };
}

function stroke(d: string): SVGElement {
  return svg("path", { pathLength: 1, d });
}

function wordOf(urn: Urn, { mark: words }: Words, left: boolean): string {
  if (urn.marking === "strike-out") return left ? words.left : words.struck;
  return left ? words.marked : words.unmarked;
}

/** What the paper asks for, in the words of the law's manner of marking. */
function rule(urn: Urn, { mark: words }: Words): string {
  const { max } = urn.question;
  if (urn.marking === "mark") return max === 1 ? words.ruleMarkOne : words.ruleMarkMany(max);
  if (urn.candidates.length === 1 && urn.none_left === "valid") return words.ruleSingle;
  return max === 1 ? words.ruleOne : words.ruleMany(max);
}

/** What the marks mean, and what is to be done where the ballot cannot be sealed so. */
function sentence(urn: Urn, { mark: words }: Words, left: readonly boolean[]): string {
  const striking = urn.marking === "strike-out";
  const found = verdict(urn.question, left);
  const chosen = urn.candidates.filter((_, at) => left[at]).map(({ surname }) => surname);
  switch (found.is) {
    case "many":
      return (striking ? words.many : words.manyMarked)(chosen.length, found.by);
    case "few":
      return (striking ? words.few : words.fewMarked)(chosen.length, found.by);
    case "empty":
      return striking ? words.empty : words.emptyMarked;
    case "nobody":
      return striking ? words.nobody : words.nobodyMarked;
    case "valid":
      return (striking ? words.valid : words.validMarked)(chosen);
  }
}
