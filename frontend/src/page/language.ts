// The language of a page: that of the election, until the person chooses another.

import { el } from "./dom.ts";

export const LANGUAGES = ["en", "fr", "ru"] as const;
export type Language = (typeof LANGUAGES)[number];
const NAMES: Record<Language, string> = { en: "English", fr: "Français", ru: "Русский" };

/** A language that the page has; English for every other. */
export function languageOf(code: unknown): Language {
  return LANGUAGES.find((language) => language === code) ?? "en";
}

/** The row of buttons with which the language is chosen. */
export function languageSwitch(current: Language, choose: (language: Language) => void): HTMLElement {
  const buttons = LANGUAGES.map((language) =>
    el(
      "button",
      { type: "button", class: "link", lang: language, "aria-pressed": String(language === current), click: () => choose(language) },
      NAMES[language],
    ),
  );
  return el("div", { class: "languages", role: "group", "aria-label": "Language / Langue / Язык" }, ...buttons);
}

/** A sentence with values in the places of `{name}`. */
export function say(sentence: string, values: { readonly [name: string]: string | number }): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
