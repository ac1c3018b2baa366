/** The printed page of a key: everything that is needed to act with it when the file is lost. */

import type { Child } from "../page/dom.ts";
import { el } from "../page/dom.ts";
import { qr } from "../page/qr.ts";
import type { Config } from "./state.ts";
import type { Words } from "./words.ts";

/** The characters of a key in groups of four. */
export function groups(key: string): string[] {
  return key.match(/.{1,4}/g) ?? [];
}

/** The characters in groups, as people read them out to each other. */
export function grouped(key: string): HTMLElement {
  return el("p", { class: "characters" }, ...groups(key).flatMap((group) => [el("span", {}, group), " "]));
}

/** The page, which is seen on paper alone. */
export function sheet(words: Words, config: Config, key: string, file: string, language: string): HTMLElement {
  const said = words.sheet;
  const row = (name: string, value: Child) => [el("dt", {}, name), el("dd", {}, value)];
  const today = new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(new Date());
  return el(
    "section",
    { class: "sheet", lang: language },
    el("h1", {}, said.title),
    el(
      "dl", {},
      ...row(said.election, config.election.title),
      ...row(said.of, config.trustee.name),
      ...row(said.made, today),
      ...row(said.file, el("code", {}, file)),
    ),
    el("h2", {}, said.code),
    grouped(key),
    qr(key, said.qr),
    el("p", {}, el("strong", {}, said.keep)),
    el("p", {}, said.destroy),
  );
}
