/** Fields of a passphrase, and the progress of the seconds that it takes to make a key of one. */

import { el } from "../page/dom.ts";
import { longEnough } from "./sealed.ts";

/** A field for a passphrase with its label. `isNew` asks the browser not to offer an old one. */
export function passphraseField(id: string, label: string, isNew: boolean, hint = ""): [HTMLElement, HTMLInputElement] {
  const described = hint === "" ? null : `${id}-hint`;
  const input = el("input", {
    type: "password", id, autocomplete: isNew ? "new-password" : "current-password", "aria-describedby": described,
  });
  const parts = [el("label", { for: id }, label), input, described ? el("small", { id: described }, hint) : null];
  return [el("div", { class: "field" }, ...parts), input];
}

/** What a passphrase is for, as the browser's own keeper of passwords asks for it; people do not see it. */
export function ownerField(owner: string): HTMLInputElement {
  return el("input", { type: "text", autocomplete: "username", hidden: true, value: owner });
}

/** What is wrong with a new passphrase that was typed twice; null where nothing is. */
export function wrongPassphrase(first: string, second: string): "short" | "differ" | null {
  if (!longEnough(first)) return "short";
  return first === second ? null : "differ";
}

/** Shows the progress of some work beside the button that began it, which cannot be pressed again meanwhile. */
export async function withProgress<T>(
  button: HTMLButtonElement,
  label: string,
  work: (progress: (done: number) => void) => Promise<T>,
): Promise<T> {
  const bar = el("progress", { max: 1, value: 0, "aria-label": label });
  button.after(bar);
  button.disabled = true;
  try {
    return await work((done) => (bar.value = done));
  } finally {
    bar.remove();
    button.disabled = false;
  }
}
