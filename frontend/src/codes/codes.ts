/**
 * The codes: one an elector for all urns, made once, kept sealed under the authority's passphrase (suffrage-codes/1).
 */

import { isCode, newCode, publicCredential } from "../belenios/credential.ts";
import { utf8 } from "../keyfile/bytes.ts";
import * as sealed from "../keyfile/sealed.ts";
import { breathe } from "../page/dom.ts";
import type { Order } from "./order.ts";
import { entitled } from "./order.ts";

export const FORMAT = "suffrage-codes/1";
const LISTS_FORMAT = "suffrage-credentials/1";
/** How long the page may stand still, in milliseconds. */
const BREATH = 40;

/** The code of each elector by number. Secret: shown by nothing but the letter to that elector. */
export type Codes = ReadonlyMap<string, string>;

/** Codes with a new one for every elector who has none yet. Nobody's code is changed or dropped. */
export function withCodesFor(order: Order, codes: Codes): Codes {
  const made = new Map(codes);
  for (const { id } of entitled(order)) if (!made.has(id)) made.set(id, newCode());
  return made;
}

/** How many electors have no code yet. */
export function missing(order: Order, codes: Codes): number {
  return entitled(order).filter(({ id }) => !codes.has(id)).length;
}

/** The text of a codes file. */
export function codesFile(
  election: string,
  codes: Codes,
  passphrase: string,
  progress?: sealed.Progress,
): Promise<string> {
  const ordered = [...codes].sort(([one], [other]) => (one < other ? -1 : 1));
  const secret = utf8(JSON.stringify({ election, codes: Object.fromEntries(ordered) }));
  return sealed.seal({ format: FORMAT }, passphrase, secret, progress).finally(() => secret.fill(0));
}

/**
 * Opens a codes file: the election that it is of, and its codes.
 *
 * Throws SealedError where it is none, or the passphrase is not the right one; no code is ever in it.
 */
export async function openCodes(
  text: string,
  passphrase: string,
  progress?: sealed.Progress,
): Promise<{ election: string; codes: Codes }> {
  const bytes = await sealed.open(sealed.parse(text, FORMAT, []), passphrase, progress);
  try {
    const held = JSON.parse(new TextDecoder().decode(bytes)) as { election?: unknown; codes?: unknown } | null;
    const codes = Object.entries(held?.codes ?? {}) as [string, unknown][];
    const right = codes.every(([, code]) => typeof code === "string" && isCode(code));
    if (typeof held?.election !== "string" || !right) throw new sealed.SealedError("no-file");
    return { election: held.election, codes: new Map(codes as [string, string][]) };
  } catch {
    throw new sealed.SealedError("no-file");
  } finally {
    bytes.fill(0);
  }
}

/**
 * What goes back to the service: for each urn the public credentials of its electors, sorted by credential. The
 * order tells nothing of the electors, and no code can be found from a credential.
 */
export async function publicLists(order: Order, codes: Codes, progress: sealed.Progress): Promise<string> {
  const total = order.electors.reduce((sum, elector) => sum + elector.urns.length, 0);
  const lists: [string, { credential: string; id: string }[]][] = [];
  let done = 0;
  let last = performance.now();
  for (const { uuid } of order.urns) {
    const rows: { credential: string; id: string }[] = [];
    for (const elector of order.electors) {
      if (!elector.urns.includes(uuid)) continue;
      rows.push({ credential: publicCredential(uuid, codes.get(elector.id) ?? ""), id: elector.id });
      done += 1;
      if (performance.now() - last > BREATH) {
        progress(done / total);
        await breathe();
        last = performance.now();
      }
    }
    rows.sort((one, other) => (one.credential < other.credential ? -1 : 1));
    lists.push([uuid, rows]);
  }
  return JSON.stringify({ format: LISTS_FORMAT, election: order.election.id, lists: Object.fromEntries(lists) });
}
