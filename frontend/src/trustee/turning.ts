/**
 * The turning of a key: every urn is checked before anything is sent, and each counts once the service has accepted
 * it.
 */

import { BeleniosError } from "../belenios/error.ts";
import type { Prepared } from "../belenios/trustee/decryption.ts";
import { decryption, ownerOf, prepared, secretOf } from "../belenios/trustee/decryption.ts";
import type { Seed } from "../belenios/trustee/seed.ts";
import type { Member } from "../belenios/trustee/trustees.ts";
import { breathe } from "../page/dom.ts";
import type { Urn } from "./state.ts";

/** How long the page may stand still, in milliseconds. */
const BREATH = 30;

/** Where the turning stands: the urn, and the share of its proofs that is there, from 0 to 1. */
export type Told = (at: number, urn: Urn, share: number) => void;

interface Ready {
  readonly urn: Urn;
  readonly prepared: Prepared;
  readonly member: Member;
  readonly key: bigint;
}

/**
 * Turns a key in urns, one after the other; `send` throws where the service does not accept.
 *
 * Nothing is sent unless, in every urn, the trustees make the election's key and this key is one of theirs. Throws
 * BeleniosError where that is not so.
 */
export async function turn(
  urns: readonly Urn[],
  seed: Seed,
  dkey: string | null,
  send: (urn: Urn, record: string) => Promise<void>,
  tell: Told,
): Promise<void> {
  const known = new Set<string>();
  const ready: Ready[] = [];
  for (const [at, urn] of urns.entries()) {
    tell(at, urn, 0);
    await breathe();
    ready.push(readied(urn, seed, dkey, known));
  }
  for (const [at, { urn, prepared: of, member, key }] of ready.entries()) {
    const all = of.alphas.flat().length;
    const steps = decryption(of, member, key, seed);
    let step = steps.next();
    let last = performance.now();
    for (let made = 1; !step.done; made += 1) {
      if (performance.now() - last > BREATH) {
        tell(at, urn, made / all);
        await breathe();
        last = performance.now();
      }
      step = steps.next();
    }
    tell(at, urn, 1);
    await send(urn, step.value);
  }
}

function readied(urn: Urn, seed: Seed, dkey: string | null, known: Set<string>): Ready {
  const of = prepared(urn.election, urn.trustees, urn.tally, known);
  const member = ownerOf(seed, of.members);
  if (member?.owner !== urn.owner) throw new BeleniosError(`${urn.name}: the key is not that of trustee ${urn.owner}`);
  return { urn, prepared: of, member, key: secretOf(member, seed, member.grouped ? dkey : null) };
}
