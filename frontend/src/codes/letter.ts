/** Letters with codes, a page an elector, in the language of each. */

import type { Child } from "../page/dom.ts";
import { el, svg } from "../page/dom.ts";
import { LANGUAGES, say } from "../page/language.ts";
import type { Language } from "../page/language.ts";
import { qr } from "../page/qr.ts";
import WORDS from "./letters.json";
import type { Elector, Order } from "./order.ts";
import { contestsOf } from "./order.ts";

/** Very many contests are not all named. */
const MOST_CONTESTS = 8;
const MARKS: Record<string, string> = { demo: "DEMO", rehearsal: "REHEARSAL" };

/** The language of an elector: their own, else the election's, else English. */
export function letterLanguage(order: Order, elector: Elector): Language {
  const asked = (elector.language || order.election.language).toLowerCase().split("-")[0];
  return LANGUAGES.find((language) => language === asked) ?? "en";
}

/** The drawing of the booth's address, once for all letters; the code of an elector is never in it. */
export function addressDrawing(url: string): SVGElement {
  const drawing = qr(url, url);
  const viewBox = drawing.getAttribute("viewBox") ?? "";
  const symbol = svg("symbol", { id: "booth", viewBox }, ...Array.from(drawing.childNodes));
  return svg("svg", { class: "defs", "aria-hidden": "true" }, symbol);
}

/** The height that is there beneath the address, in millimetres, and the classes of ever smaller type. */
const ROOM = 183;
const SIZES = ["", "s1", "s2", "s3", "s4"];

/** Sets each letter, laid out already, in the largest type in which all of it stands on its page. */
export function fit(letters: readonly HTMLElement[]): void {
  let large = letters;
  for (const size of SIZES) {
    for (const one of large) one.className = `letter ${size}`.trim();
    // First everything is measured, then changed: the page is laid out once for each size.
    large = large.filter((one) => {
      const height = one.querySelector(".body")?.getBoundingClientRect().height ?? 0;
      return height > (ROOM / 296) * one.getBoundingClientRect().height;
    });
  }
}

/** The letter of an elector with the code. */
export function letter(order: Order, elector: Elector, code: string): HTMLElement {
  const language = letterLanguage(order, elector);
  const words = WORDS[language];
  const head = order.election;
  const mark = MARKS[head.kind];
  const address = [elector.name, ...elector.address.filter((line) => line !== "" && line !== elector.name)];
  const label = say(words.drawing, { url: head.url });
  const drawing = svg("svg", { class: "qr", role: "img", "aria-label": label }, svg("use", { href: "#booth" }));
  const groups = code.split("-").flatMap((group, at) => [at > 0 ? el("i", {}, "-") : null, el("b", {}, group)]);
  const steps = words.steps.map((step, at) => el("li", {}, step, at === 2 ? factor(order, elector, language) : null));
  const asked = head.contact === "" ? words.contact_unknown : say(words.contact, { contact: head.contact });
  return el(
    "article", { class: "letter", lang: language },
    el("div", { class: "address" }, el("small", {}, head.title), ...address.map((line) => el("div", {}, line))),
    el("div", { class: "note" }, el("b", {}, say(words.number, { id: elector.id })), el("br"), elector.unit),
    el(
      "div", { class: "body" },
      el("h1", {}, words.heading),
      el("p", { class: "election" }, head.title),
      mark ? el("p", {}, el("b", {}, mark), ` ${words.kinds[head.kind as keyof typeof words.kinds]}`) : null,
      el(
        "dl", {},
        el("dt", {}, words.elected), el("dd", {}, ...contests(order, elector, language)),
        el("dt", {}, words.when), el("dd", {}, period(order, language)),
      ),
      el(
        "div", { class: "code" },
        el(
          "div", {},
          el("small", {}, words.code), el("p", { class: "groups" }, ...groups), el("small", {}, words.alphabet),
          el("p", {}, el("small", {}, words.where), " ", head.url),
        ),
        drawing,
      ),
      el("h2", {}, words.how), el("ol", {}, ...steps),
      el("h2", {}, words.know), ...[words.replaces, words.keep, words.secret, asked].map((line) => el("p", {}, line)),
    ),
  );
}

function contests(order: Order, elector: Elector, language: Language): Child[] {
  const words = WORDS[language];
  const found = contestsOf(order, elector).map(({ contest, unit }) =>
    unit === "" || contest.toLowerCase().includes(unit.toLowerCase()) ? contest : say(words.contest, { contest, unit }),
  );
  const more = found.length - MOST_CONTESTS + 1;
  const shown = more > 1 ? [...found.slice(0, MOST_CONTESTS - 1), say(words.more, { number: more })] : found;
  return shown.map((line) => el("div", {}, line));
}

function period(order: Order, language: Language): string {
  const { opens, closes, time_zone: timeZone } = order.election;
  const words = WORDS[language];
  const [from, to] = [opens, closes].map((moment) => {
    const day = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "long", timeZone });
    const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone });
    return say(words.moment, { day: day.format(new Date(moment)), time: time.format(new Date(moment)) });
  }) as [string, string];
  const zone = say(words.zone, { zone: timeZone.replaceAll("_", " ") });
  return `${say(words.period, { opens: from, closes: to })} (${zone})`;
}

/** What is asked for beside the code. A letter that somebody else opens does not tell the whole address. */
function factor(order: Order, elector: Elector, language: Language): string | null {
  if (!order.election.second_factor) return null;
  const [local = "", domain = ""] = elector.email.split("@");
  if (elector.email === "") return ` ${WORDS[language].factor_unknown}`;
  return ` ${say(WORDS[language].factor, { address: `${local.slice(0, 1)}…@${domain}` })}`;
}
