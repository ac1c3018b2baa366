/** The forms of the signing page: making a key file, and opening one to use it once. */

import { SigningKey, open } from "../keyfile/keyfile.ts";
import { ownerField, passphraseField, withProgress, wrongPassphrase } from "../keyfile/passform.ts";
import { SealedError } from "../keyfile/sealed.ts";
import { el } from "../page/dom.ts";
import { chosen, save } from "../page/files.ts";
import { say } from "../page/language.ts";
import type { Words } from "./words.ts";

/** A key file has about 600 bytes. */
const LARGEST = 65_536;

/** How a form speaks to the person. */
export interface Voice {
  readonly tell: (text: string) => void;
  readonly complain: (text: string) => void;
}

type Problem = keyof Words["problems"];

/** Makes a key file and saves it; the key itself is forgotten at once. */
export function makeForm(words: Words, name: string, voice: Voice): HTMLFormElement {
  const [firstField, first] = passphraseField("new-passphrase", words.passphrase, true, words.passphraseHint);
  const [secondField, second] = passphraseField("new-passphrase-again", words.again, true);
  const button = el("button", { type: "submit" }, words.make);
  const submit = async (event: Event) => {
    event.preventDefault();
    const wrong = wrongPassphrase(first.value, second.value);
    if (wrong !== null) {
      const input = wrong === "short" ? first : second;
      input.setAttribute("aria-invalid", "true");
      voice.complain(words.problems[wrong]);
      return input.focus();
    }
    voice.complain("");
    voice.tell(words.making);
    const key = SigningKey.create(name);
    const text = await withProgress(button, words.making, (progress) => key.file(first.value, progress));
    key.wipe();
    first.value = second.value = "";
    first.removeAttribute("aria-invalid");
    second.removeAttribute("aria-invalid");
    const file = `${name.normalize("NFKC").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "key"}.key`;
    save(file, text);
    voice.tell(say(words.saved, { file }));
  };
  return el(
    "form", { novalidate: true, submit: (event) => void submit(event) },
    el("p", {}, `${words.name}: `, el("strong", {}, name)), ownerField(name), firstField, secondField,
    el("div", { class: "row" }, button),
  );
}

/** What is done with a key that was opened; the form wipes it afterwards. */
export type Use = (key: SigningKey) => Promise<void>;

/** Opens a key file with its passphrase for one act. `ready` may refuse before the seconds that the opening takes. */
export function openForm(
  words: Words,
  name: string,
  label: string,
  voice: Voice,
  ready: () => boolean,
  use: Use,
): HTMLFormElement {
  const file = el("input", { type: "file", id: "key-file", accept: ".key,.json,application/json" });
  const [field, passphrase] = passphraseField("passphrase", words.passphrase, false);
  const button = el("button", { type: "submit" }, label);
  const complain = (input: HTMLInputElement, problem: Problem) => {
    for (const one of [file, passphrase]) one.setAttribute("aria-invalid", String(one === input));
    voice.tell("");
    voice.complain(words.problems[problem]);
    input.focus();
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!ready()) return;
    if (!file.files?.length) return complain(file, "noFile");
    const text = await chosen(file, LARGEST);
    if (text === null) return complain(file, "no-file");
    voice.complain("");
    voice.tell(words.opening);
    let key: SigningKey;
    try {
      key = await withProgress(button, words.opening, (progress) => open(text, passphrase.value, progress));
    } catch (error) {
      if (!(error instanceof SealedError)) throw error;
      return complain(error.reason === "no-file" ? file : passphrase, error.reason);
    }
    passphrase.value = "";
    voice.tell("");
    try {
      await use(key);
    } finally {
      key.wipe();
    }
  };
  return el(
    "form", { novalidate: true, submit: (event) => void submit(event) },
    el("div", { class: "field" }, el("label", { for: "key-file" }, words.file), file), ownerField(name), field,
    el("div", { class: "row" }, button),
  );
}
