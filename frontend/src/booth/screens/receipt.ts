/** The receipt: only the answer of the service makes it. */

import { el } from "../../page/dom.ts";
import { save } from "../../page/files.ts";
import { qr } from "../../page/qr.ts";
import type { Booth } from "../booth.ts";
import type { Urn } from "../config.ts";
import type { Screen } from "../frame.ts";
import { receiptCode, receiptLines, receiptText } from "../receipt.ts";
import type { Receipt } from "../server.ts";
import { button, moment, title, tracking } from "./parts.ts";

export function receipt(booth: Booth): Screen {
  const { urn, words, following } = booth;
  const { receipt: said } = words;
  const given = booth.receipts.get(urn.uuid) as Receipt;
  const heading = title(booth.urns.length > 1 ? said.titleHere : said.title);
  const on = following === null ? said.done : said.next(following.name);
  return {
    heading,
    nodes: [
      el(
        "section",
        { class: "sheet" },
        heading,
        el("p", {}, said.lead),
        paper(booth, urn, given),
        keeping(booth, [urn]),
        given.replaces && el("p", { class: "note" }, said.replaced),
        el("p", {}, said.until(moment(booth, urn.closes))),
        el("div", { class: "buttons" }, button(on, () => booth.next(), "next")),
      ),
    ],
  };
}

/** The receipt as a slip of paper. */
export function paper(booth: Booth, urn: Urn, given: Receipt): HTMLElement {
  const { words, config } = booth;
  const lines = receiptLines(config, urn, given, words, location.href);
  const facts = lines.flatMap(([name, value]) => [
    el("dt", {}, name),
    el("dd", { lang: value === config.election.title && config.election.language }, value === given.tracking ? tracking(value) : value),
  ]);
  const code = qr(receiptCode(config, urn, given, location.href), words.receipt.qr);
  return el("div", { class: "slip" }, el("h2", {}, words.receipt.name), el("dl", {}, ...facts), code);
}

/** What keeps receipts: copying, a file, paper. */
export function keeping(booth: Booth, urns: readonly Urn[]): HTMLElement {
  const { words, config } = booth;
  const { receipt: said } = words;
  const texts = urns.map((urn) => {
    const given = booth.receipts.get(urn.uuid) as Receipt;
    return receiptText(receiptLines(config, urn, given, words, location.href), words);
  });
  const text = texts.join("\n");
  const told = el("p", { class: "busy", role: "status" });
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      told.textContent = said.copied;
    } catch {
      told.textContent = said.notCopied;
    }
  };
  return el(
    "div",
    { class: "keeping" },
    el(
      "div",
      { class: "buttons" },
      button(said.copy, () => void copy(), "copy", true),
      button(said.download, () => save(`receipt-${config.election.id}.txt`, text, "text/plain;charset=utf-8"), "download", true),
      button(said.print, () => print(), "print", true),
    ),
    told,
  );
}
