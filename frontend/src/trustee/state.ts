/** What the service says of a trustee's election, and what follows from it: pure functions of that answer. */

/** The data that the page comes with. */
export interface Config {
  readonly election: { readonly title: string; readonly kind: string; readonly language: string };
  readonly csrf: string;
  readonly trustee: { readonly name: string; readonly index: number };
  readonly urls: { readonly state: string; readonly submit: string };
  /** How often the service is asked, in milliseconds; every three seconds where this is not said. */
  readonly pause?: number;
}

/** The steps of a trustee: of a group with a threshold, or the one of a single trustee. */
export type Step = "single" | "certificate" | "polynomial" | "share";

/** An urn that a trustee has a key for. */
export interface Urn {
  readonly uuid: string;
  readonly name: string;
  readonly rehearsal: boolean;
  readonly ballot: number;
  readonly election: string;
  readonly trustees: string;
  readonly tally: string;
  readonly owner: number;
  readonly done: boolean;
  /** How many trustees still have to turn their keys. */
  readonly needed: number;
  readonly ballots: number;
  readonly voters: number;
}

/** The answer of the service. `context` is null where every trustee holds a single key. */
export interface State {
  readonly names: readonly string[];
  readonly threshold: number;
  readonly context: string | null;
  readonly phase: "single" | "certificates" | "polynomials" | "shares" | "ready";
  readonly done: Partial<Record<Step, readonly string[]>>;
  readonly certificates: readonly string[] | null;
  readonly vinput: string | null;
  readonly dkey: string | null;
  readonly identity: string | null;
  readonly mine: Partial<Record<Step, boolean>>;
  readonly urns: readonly Urn[];
}

const STEP_OF = { single: "single", certificates: "certificate", polynomials: "polynomial", shares: "share" } as const;

/** Holds an answer to its form, as far as this page would fail without. Throws where it is none. */
export function stateOf(answer: unknown): State {
  const state = answer as State | null;
  const phases = [...Object.keys(STEP_OF), "ready"];
  const right =
    typeof state === "object" &&
    state !== null &&
    Array.isArray(state.names) &&
    Array.isArray(state.urns) &&
    phases.includes(state.phase);
  if (!right) throw new Error("the answer of the service has another form");
  return state;
}

/** The step of the phase that the ceremony is in; null once it is over. */
export function stepOf(state: State): Step | null {
  if (state.phase === "ready") return null;
  // Where everybody holds a single key, the first step is that key.
  return state.context === null ? "single" : STEP_OF[state.phase];
}

/** Whether this trustee has done a step, as the service says. */
export function hasDone(state: State, step: Step): boolean {
  return Boolean(state.mine[step] ?? (step === "single" && state.mine.certificate));
}

/** Who has done a step. */
export function doneBy(state: State, step: Step): readonly string[] {
  return state.done[step] ?? (step === "single" ? (state.done.certificate ?? []) : []);
}

/** The step that this trustee can do now; null where there is none. */
export function dueStep(state: State): Step | null {
  const step = stepOf(state);
  if (step === null || hasDone(state, step)) return null;
  return step === "share" && state.vinput === null ? null : step;
}

/** Whether a step is the first, with a new key. */
export function isFirst(step: Step | null): boolean {
  return step === "single" || step === "certificate";
}

/** The urns that wait for this trustee's key. */
export function pendingUrns(state: State): readonly Urn[] {
  return state.phase === "ready" ? state.urns.filter((urn) => !urn.done && urn.needed > 0) : [];
}

/** How far the trustee has come, from 0: make the key, keep it, ceremony, rehearsal, opening. */
export function progressOf(state: State, made: boolean): number {
  const step = stepOf(state);
  if (step === null) return state.urns.some((urn) => !urn.rehearsal) ? 4 : 3;
  if (isFirst(step) && !hasDone(state, step)) return made ? 1 : 0;
  return 2;
}
