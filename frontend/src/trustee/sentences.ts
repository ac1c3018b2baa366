/** What the trustee's page says of a state, and of an error. */

import { say } from "../page/language.ts";
import { ServerError } from "../page/server.ts";
import type { State } from "./state.ts";
import { doneBy, hasDone, stepOf } from "./state.ts";
import type { Words } from "./words.ts";

/** How far the ceremony has come for this trustee, from the service's answer alone; empty where nothing has arrived. */
export function arrivedSentence(words: Words, state: State): string {
  const step = stepOf(state);
  if (step === null || !hasDone(state, step)) return "";
  return say(words.arrived[step], { done: doneBy(state, step).length, count: state.names.length });
}

/** Why something did not happen. */
export function complaint(words: Words, error: unknown): string {
  if (!(error instanceof ServerError)) {
    return say(words.failed, { message: error instanceof Error ? error.message : String(error) });
  }
  if (error.reason === "refused") return say(words.refused, { message: error.message });
  return words[error.reason];
}
