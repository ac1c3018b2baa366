// The language of a page: that of the election, until the person chooses another.

import { el } from "./dom.ts";

export const LANGUAGES = ["en", "fr", "ru"] as const;
export type Language = (typeof LANGUAGES)[number];
const NAMES: Record<Language, string> = { en: "English", fr: "Français", ru: "Русский" };

/** A language that the page has; English for every other. */
export function languageOf(code: unknown): Language {
  return LANGUAGES.find((language) => language === code) ?? "en";
}

/** The row of buttons with which the language is chosen among those that are offered. */
export function languageSwitch(
  current: Language,
  choose: (language: Language) => void,
  offered: readonly Language[] = LANGUAGES,
): HTMLElement {
  const buttons = offered.map((language) => {
    const pressed = String(language === current);
    const id = `language-${language}`;
    const click = (): void => choose(language);
    return el("button", { type: "button", class: "link", id, lang: language, "aria-pressed": pressed, click }, NAMES[language]);
  });
  return el("div", { class: "languages", role: "group", "aria-label": "Language / Langue / Язык" }, ...buttons);
}

/** A sentence with values in the places of `{name}`. */
export function say(sentence: string, values: { readonly [name: string]: string | number }): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
