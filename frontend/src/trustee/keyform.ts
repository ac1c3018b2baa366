/** The form in which a key is loaded from its file or typed from its page. */

import { BeleniosError } from "../belenios/error.ts";
import { Seed } from "../belenios/trustee/seed.ts";
import { SEED_LENGTH } from "../belenios/credential.ts";
import { el } from "../page/dom.ts";
import { chosen } from "../page/files.ts";
import { say } from "../page/language.ts";
import type { Words } from "./words.ts";

/** A key file is one short line; what is larger is another file, and is not read. */
const LARGEST = 4096;

/** What the form does with a key, and how it says that there is none. */
export interface Uses {
  readonly use: (seed: Seed) => void | Promise<void>;
  readonly complain: (message: string) => void;
}

/** The form. `extra` stands beside its button. */
export function keyForm(words: Words, uses: Uses, ...extra: Node[]): HTMLFormElement {
  const file = el("input", { type: "file", id: "key-file", accept: ".key,.privkey,.txt,text/plain" });
  const typed = el("input", {
    type: "text", id: "key-typed", class: "mono", autocomplete: "off", autocapitalize: "none", spellcheck: "false",
    "aria-describedby": "key-hint",
  });
  const submit = async (event: Event) => {
    event.preventDefault();
    const wrong = (input: HTMLInputElement, message: string) => {
      for (const one of [file, typed]) one.setAttribute("aria-invalid", String(one === input));
      uses.complain(message);
      input.focus();
    };
    const given = typed.value.replace(/\s/g, "");
    if (given !== "") {
      const seed = parsed(given);
      if (!seed) return wrong(typed, say(words.noKey, { count: [...given].length }));
      typed.value = "";
      return uses.use(seed);
    }
    if (!file.files?.length) return wrong(file, words.nothing);
    const seed = parsed(((await chosen(file, LARGEST)) ?? "").trim());
    file.value = "";
    if (!seed) return wrong(file, words.noFile);
    return uses.use(seed);
  };
  return el(
    "form",
    { class: "keyform", novalidate: true, submit: (event) => void submit(event) },
    el("div", { class: "field" }, el("label", { for: "key-file" }, words.file), file),
    el(
      "div", { class: "field" }, el("label", { for: "key-typed" }, words.typed), typed,
      el("small", { id: "key-hint" }, words.typedHint),
    ),
    el("div", { class: "row" }, el("button", { type: "submit" }, words.useKey), ...extra),
  );
}

function parsed(text: string): Seed | null {
  if (text.length !== SEED_LENGTH) return null;
  try {
    return Seed.parse(text);
  } catch (error) {
    if (error instanceof BeleniosError) return null;
    throw error;
  }
}
