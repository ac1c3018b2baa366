/** The sentences of the booth in the languages that it speaks. English says which sentences there are. */

import type { Language } from "../page/language.ts";
import { en } from "./en.ts";
import { fr } from "./fr.ts";
import { ru } from "./ru.ts";

export type Words = typeof en;
export const WORDS: Readonly<Record<Language, Words>> = { en, fr, ru };
