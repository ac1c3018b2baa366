/** A ballot that was opened: what it says, and how to see for oneself. */

import { save } from "../../page/files.ts";
import { el } from "../../page/dom.ts";
import type { Sealed } from "../../belenios/seal.ts";
import type { Booth } from "../booth.ts";
import type { Screen } from "../frame.ts";
import { leftOf } from "../marks.ts";
import type { Left } from "../marks.ts";
import { openedFile, reopened } from "../opened.ts";
import { button, marked, title, tracking } from "./parts.ts";

export function tested(booth: Booth): Screen {
  const { urn, words } = booth;
  const { tested: said } = words;
  const heading = title(said.title);
  const sealed = booth.sealed as Sealed;
  const name = `opened-${urn.uuid}.json`;
  const text = openedFile(urn.text, sealed);
  let left: Left | null;
  try {
    left = leftOf(urn.question, reopened(urn.sealed, sealed));
  } catch {
    left = null;
  }
  return {
    heading,
    nodes: [
      el(
        "section",
        { class: "sheet" },
        heading,
        el("p", {}, said.lead),
        el("div", { class: "number" }, el("h2", {}, words.choose.tracking), tracking(booth.tracking)),
        el("h2", {}, said.says),
        left === null ? el("p", { class: "problem", role: "alert" }, said.differs) : marked(booth, urn, left),
        left !== null && el("p", { class: "ok" }, said.holds),
        el("p", {}, said.how),
        el("pre", { tabindex: 0, role: "group", "aria-label": said.how }, `suffrage audit-ballot ${name}`),
        button(said.file, () => save(name, text), "file", true),
        el("p", {}, said.compare),
        el("details", {}, el("summary", {}, name), el("pre", { class: "whole", tabindex: 0, role: "group", "aria-label": name }, text)),
        el("div", { class: "buttons" }, button(said.again, () => booth.markAnew(), "again")),
      ),
    ],
  };
}
