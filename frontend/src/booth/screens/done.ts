/** The end, and the door behind which there is nothing to vote on. */

import { el } from "../../page/dom.ts";
import type { Booth } from "../booth.ts";
import type { Screen } from "../frame.ts";
import type { Receipt } from "../server.ts";
import { button, moment, title } from "./parts.ts";
import { keeping, paper } from "./receipt.ts";

export function done(booth: Booth): Screen {
  const { words, receipts } = booth;
  const heading = title(words.done.title);
  const urns = booth.urns.filter(({ uuid }) => receipts.has(uuid));
  const slips = urns.map((urn) => paper(booth, urn, receipts.get(urn.uuid) as Receipt));
  return {
    heading,
    nodes: [
      el(
        "section",
        { class: "sheet" },
        heading,
        el("p", {}, words.done.lead),
        ...slips,
        slips.length > 0 && keeping(booth, urns),
        el(
          "div",
          { class: "buttons" },
          el("a", { class: "button", href: booth.config.urls.home, id: "home" }, words.done.home),
          button(words.done.again, () => location.reload(), "vote-again", true),
        ),
      ),
    ],
  };
}

export function nothing(booth: Booth): Screen {
  const { words } = booth;
  const heading = title(words.nothing.title);
  const urns = booth.shut.map((urn) => {
    const sentence =
      urn.state === "before"
        ? words.nothing.before(urn.name, moment(booth, urn.opens))
        : words.nothing.closed(urn.name, moment(booth, urn.closes));
    return el("li", {}, sentence);
  });
  const home = el("a", { class: "button", href: booth.config.urls.home, id: "home" }, words.nothing.home);
  return { heading, nodes: [el("section", { class: "sheet" }, heading, el("ul", {}, ...urns), home)] };
}
