/** The sealed ballot: it is tested, or it is cast. */

import { el } from "../../page/dom.ts";
import type { Booth } from "../booth.ts";
import type { Screen } from "../frame.ts";
import { button, marked, problem, title, tracking } from "./parts.ts";

export function choose(booth: Booth): Screen {
  const { urn, words } = booth;
  const { choose: said } = words;
  const heading = title(said.title);
  const number = el("div", { class: "number" }, el("h2", {}, said.tracking), tracking(booth.tracking));
  const sheet = el(
    "section",
    { class: "sheet" },
    heading,
    problem(booth),
    !booth.sent && el("p", {}, said.lead),
    number,
    el("h2", {}, said.leaves),
    marked(booth, urn, booth.left),
  );
  return { heading, nodes: [sheet, booth.sent ? afterRefusal(booth) : ways(booth)] };
}

/** Before anything was sent: two ways, and one back. */
function ways(booth: Booth): HTMLElement {
  const { choose: said } = booth.words;
  return el(
    "div",
    { class: "ways" },
    el(
      "section",
      { class: "way first" },
      el("p", { id: "cast-lead" }, said.castLead),
      button(said.cast, () => void booth.cast(), "cast"),
    ),
    el(
      "section",
      { class: "way" },
      el("p", {}, said.testLead),
      button(said.test, () => booth.test(), "test", true),
    ),
    el(
      "section",
      { class: "way back" },
      el("p", {}, said.backLead),
      button(said.back, () => booth.markAnew(), "back", true),
    ),
  );
}

/** After a try to cast it: a ballot that may be in the archive is never opened. */
function afterRefusal(booth: Booth): HTMLElement {
  const { choose: said, receipt, retry } = booth.words;
  const on = booth.following;
  const over = !booth.canSendAgain && !booth.canMarkAnew;
  return el(
    "div",
    { class: "buttons" },
    booth.canSendAgain && button(retry, () => void booth.cast(), "cast"),
    booth.canMarkAnew && button(said.back, () => booth.markAnew(), "back"),
    over && button(on === null ? receipt.done : receipt.next(on.name), () => booth.next(), "next"),
  );
}
