/** The door: the code, and the one-time number where the election asks for one. */

import { el } from "../../page/dom.ts";
import type { Booth } from "../booth.ts";
import type { Screen } from "../frame.ts";
import { button, problem, title } from "./parts.ts";

/** How many characters somebody has typed that count. */
function characters(text: string): number {
  return [...text.replace(/[\s\p{Pd}\p{Cf}_.·\u2212]/gu, "")].length;
}

export function code(booth: Booth): Screen {
  const { code: words } = booth.words;
  const heading = title(words.title);
  const before = document.getElementById("code");
  const input = field("code", "code-hint", booth);
  // The language may change while the code is typed.
  if (before instanceof HTMLInputElement) input.value = before.value;
  const typed = characters(input.value);
  const form = el(
    "form",
    { novalidate: true, submit: submitted(() => void booth.enter(input.value)) },
    el("label", { for: "code" }, words.label),
    input,
    el("p", { class: "hint", id: "code-hint" }, words.hint),
    problem(booth),
    booth.problem === "no-code" && el("p", { class: "hint" }, words.length(typed)),
    el("button", { id: "enter", disabled: booth.busy }, words.go),
    el("p", { class: "busy", role: "status" }, booth.busy && words.working),
  );
  return {
    heading,
    nodes: [
      el(
        "section",
        { class: "sheet door" },
        heading,
        el("p", { class: "election", lang: booth.config.election.language }, booth.config.election.title),
        el("p", {}, words.lead),
        form,
        el("p", { class: "small" }, words.privacy, " ", words.again),
      ),
    ],
  };
}

export function factor(booth: Booth): Screen {
  const { factor: words } = booth.words;
  const heading = title(words.title);
  const input = field("factor", "factor-lead", booth);
  input.autocomplete = "one-time-code";
  input.inputMode = "numeric";
  const form = el(
    "form",
    { novalidate: true, submit: submitted(() => void booth.enterFactor(input.value)) },
    el("label", { for: "factor" }, words.label),
    input,
    problem(booth),
    el("p", { class: "busy", role: "status" }, booth.note === "resent" && words.resent),
    el(
      "div",
      { class: "buttons" },
      el("button", { id: "enter", disabled: booth.busy }, words.go),
      button(words.resend, () => void booth.resend(), "resend", true, booth.busy),
    ),
  );
  const lead = el("p", { id: "factor-lead" }, words.lead(booth.sentTo));
  return { heading, nodes: [el("section", { class: "sheet door" }, heading, lead, form)] };
}

/** A field whose text the browser neither keeps nor completes nor corrects. */
function field(id: string, hint: string, booth: Booth): HTMLInputElement {
  const invalid = booth.problem !== "";
  return el("input", {
    id,
    type: "text",
    autocomplete: "off",
    autocapitalize: "off",
    autocorrect: "off",
    spellcheck: "false",
    enterkeyhint: "go",
    required: true,
    readonly: booth.busy,
    "aria-describedby": invalid ? `problem ${hint}` : hint,
    "aria-invalid": invalid && "true",
  });
}

function submitted(act: () => void): (event: Event) => void {
  return (event) => {
    event.preventDefault();
    act();
  };
}
