/** What is done while the elector reads and marks, so that sealing is quick. */

import { newCode } from "../belenios/credential.ts";
import { prepare } from "../belenios/group.ts";
import { sealBallot } from "../belenios/seal.ts";
import { breathe } from "../page/dom.ts";
import type { Urn } from "./config.ts";
import { choicesOf } from "./marks.ts";

/**
 * Builds the tables of powers, and seals a ballot for nobody and throws it away.
 *
 * The first ballot that a page seals takes several times as long as the next, because the browser has not compiled what
 * it needs yet.
 */
export async function warmUp(urns: readonly Urn[]): Promise<void> {
  for (const { sealed } of urns) {
    await idle();
    prepare(sealed.key);
  }
  const [first] = urns;
  if (first === undefined) return;
  const most = Math.max(first.question.min, 1);
  const left = first.question.answers.map((_, at) => at < most);
  await sealBallot(first.sealed, newCode(), [choicesOf(first.question, left)], idle);
}

/** Waits for a moment in which the page has nothing else to do. */
function idle(): Promise<void> {
  if (typeof requestIdleCallback !== "function") return breathe();
  return new Promise((resolve) => requestIdleCallback(() => resolve(), { timeout: 1000 }));
}
