/** A protocol as an official paper, made of the bytes that are signed. */

import type { Json } from "../keyfile/canonical.ts";
import type { Child } from "../page/dom.ts";
import { el } from "../page/dom.ts";
import type { Language } from "../page/language.ts";
import { say } from "../page/language.ts";
import type { Data } from "./documents.ts";
import { data, list, text, texts } from "./documents.ts";
import type { Words } from "./words.ts";

/** Figures in the order in which laws have them; others follow. */
const ORDER = ["registered", "certificates", "issued", "took_part", "invalid", "blank", "void", "valid", "all_struck"];
/** Figures that are parts of the one before. */
const PARTS = ["blank", "void", "all_struck"];

/** The paper of a record. */
export function protocolPaper(record: Data, words: Words, language: Language): HTMLElement {
  return el("div", { class: "protocol", lang: language }, ...new Paper(record, words, language).parts());
}

class Paper {
  private readonly numbers: Intl.NumberFormat;

  constructor(
    private readonly record: Data,
    private readonly words: Words,
    language: Language,
  ) {
    this.numbers = new Intl.NumberFormat(language);
  }

  parts(): Child[] {
    const { record, words } = this;
    const kind = text(record["kind"]);
    const level = words.levels[text(record["level"]) as keyof Words["levels"]] ?? text(record["level"]);
    const contest = data(record["contest"]);
    const place = [data(record["unit"]), contest, data(record["chamber"]), data(contest["chamber"])];
    const names = [...new Set(place.map((item) => text(item["name"])))].filter((name) => name !== "");
    const stamp = words.kinds[kind as keyof Words["kinds"]] ?? kind.toUpperCase();
    return [
      kind === "real" ? null : el("p", { class: "stamp" }, stamp),
      el("h3", { class: "head" }, words.protocol),
      el("p", { class: "of" }, level, el("br"), names.join(" · ")),
      el("p", { class: "of" }, text(data(record["election"])["title"]), el("br"), this.ballot()),
      this.figures(),
      this.votes(),
      this.outcome(),
      this.contests(),
      this.facts(),
      ...this.findings(),
      ...this.said("complaints"),
      ...this.said("opinions"),
      ...this.replaces(),
    ];
  }

  private ballot(): string {
    const ballot = this.record["ballot"] === 2 ? this.words.second : this.words.first;
    const day = text(this.record["day"]);
    return day === "" ? ballot : `${ballot}, ${day}`;
  }

  private number(value: Json | undefined): string {
    return typeof value === "number" ? this.numbers.format(value) : text(value);
  }

  private row(label: Child, value: string, part = false): HTMLElement {
    return el("tr", {}, el("th", { scope: "row", class: part ? "part" : null }, label), el("td", {}, value));
  }

  private figures(): Child {
    const figures = data(this.record["figures"]);
    const names = [...new Set([...ORDER, ...Object.keys(figures)])].filter((name) => name in figures);
    if (names.length === 0) return null;
    const rows = names.map((name) => {
      const label = this.words.figures[name as keyof Words["figures"]] ?? name.replaceAll("_", " ");
      return this.row(label, this.number(figures[name]), PARTS.includes(name));
    });
    return el("table", { "aria-label": this.words.figuresLabel }, el("tbody", {}, ...rows));
  }

  private votes(): Child {
    const votes = list(this.record["votes"]);
    if (votes.length === 0) return null;
    const outcome = data(this.record["outcome"]);
    const [elected, finalists] = [texts(outcome["elected"]), texts(outcome["finalists"])];
    const rows = votes.map((line) => {
      const candidate = text(line["candidate"]);
      const stands = elected.includes(candidate) ? "elected" : finalists.includes(candidate) ? "finalist" : null;
      const name = `${text(line["number"])}. ${text(line["name"])}`;
      const mark = stands ? el("em", {}, ` (${this.words.stands[stands]})`) : null;
      return this.row(el("span", {}, name, mark), this.number(line["votes"]));
    });
    return el("table", { "aria-label": this.words.votesLabel }, el("tbody", {}, ...rows));
  }

  private outcome(): Child {
    const outcome = data(this.record["outcome"]);
    const kind = text(outcome["kind"]);
    if (kind === "") return null;
    const said = this.words.outcomes[kind as keyof Words["outcomes"]] ?? kind;
    const reasons = list(outcome["reasoning"]).map((step) => el("li", {}, text(step["text"])));
    return el("div", { class: "outcome" }, el("p", {}, el("strong", {}, said)), el("ul", {}, ...reasons));
  }

  private contests(): Child {
    const outcomes = Object.entries(data(this.record["outcomes"]));
    if (outcomes.length === 0) return null;
    const rows = outcomes.map(([kind, count]) =>
      this.row(this.words.outcomes[kind as keyof Words["outcomes"]] ?? kind, this.number(count)),
    );
    return el("table", { "aria-label": this.words.contestsLabel }, el("tbody", {}, ...rows));
  }

  private facts(): Child {
    const { record, words } = this;
    const facts: [string, string][] = [];
    for (const [field, label] of [["units", words.units], ["contests", words.contests]] as const) {
      const of = data(record[field]);
      const values = { reported: this.number(of["reported"]), expected: this.number(of["expected"]) };
      if ("expected" in of) facts.push([label, say(words.of, values)]);
    }
    const outstanding = record["electors_outstanding"];
    if (typeof outstanding === "number" && outstanding > 0) facts.push([words.outstanding, this.number(outstanding)]);
    const below = texts(record["below"]);
    if (below.length > 0) facts.push([words.below, this.number(below.length)]);
    const breaches = data(record["breaches"]);
    const [errors, remarks] = [text(breaches["errors"]), text(breaches["remarks"])];
    if (errors !== "") facts.push([words.breaches, `${errors} / ${remarks}`]);
    facts.push([words.decisions, texts(record["decisions"]).join(", ") || words.none]);
    facts.push([words.law, text(data(record["law"])["title"])]);
    return el("dl", { class: "facts" }, ...facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
  }

  private findings(): Child[] {
    const found = list(this.record["findings"]).map((finding) => {
      const severity = text(finding["severity"]);
      const sides = [finding["left"], finding["right"]].map((side) => this.number(side)).filter((side) => side !== "");
      const settled = text(finding["settled_by"]);
      const parts = [
        this.words.severities[severity as keyof Words["severities"]] ?? severity,
        [text(finding["about"]), text(finding["check"])].filter((part) => part !== "").join(": "),
        sides.length > 0 ? `(${sides.join(" / ")})` : "",
        settled === "" ? "" : say(this.words.settled, { decision: settled }),
      ];
      return el("li", {}, parts.filter((part) => part !== "").join(" · "));
    });
    return found.length > 0 ? [el("h4", {}, this.words.findings), el("ul", {}, ...found)] : [];
  }

  private said(field: "complaints" | "opinions"): Child[] {
    const said = list(this.record[field]).map((item) => {
      const answer = text(item["answer"]);
      const line = `${text(item["by"])}: ${text(item["text"])}`;
      return el("li", {}, line, ...(answer === "" ? [] : [el("br"), say(this.words.answer, { answer })]));
    });
    return said.length > 0 ? [el("h4", {}, this.words[field]), el("ul", {}, ...said)] : [];
  }

  private replaces(): Child[] {
    const replaces = data(this.record["replaces"]);
    const hash = text(replaces["sha256"]);
    if (hash === "") return [];
    const decisions = texts(replaces["decisions"]).join(", ") || this.words.none;
    return [
      el("h4", {}, this.words.replaces),
      el("p", {}, say(this.words.reason, { reason: text(replaces["reason"]), decisions })),
      el("p", {}, el("code", {}, hash)),
    ];
  }
}
