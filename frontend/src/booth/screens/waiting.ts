/** The two moments in which the elector waits: while the ballot is sealed, and while it is sent. */

import { el } from "../../page/dom.ts";
import type { Booth } from "../booth.ts";
import type { Screen } from "../frame.ts";
import { title } from "./parts.ts";

export function sealing({ words, urn }: Booth): Screen {
  const heading = title(words.seal.title);
  // A pause after every name, and where a ballot may be blank one more.
  const max = urn.candidates.length + 2 * Number(urn.question.blank);
  const bar = el("progress", { max, value: 0, "aria-label": words.seal.title });
  return { heading, nodes: [el("section", { class: "sheet" }, heading, el("p", {}, words.seal.lead), bar)] };
}

export function casting({ words }: Booth): Screen {
  const heading = title(words.cast.title);
  const bar = el("progress", { "aria-label": words.cast.title });
  return { heading, nodes: [el("section", { class: "sheet" }, heading, bar)] };
}
