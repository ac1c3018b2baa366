/** A ballot that is tested: opened, shown, never sent. */

import { parseBallot } from "../belenios/ballot.ts";
import type { Election } from "../belenios/election.ts";
import { BeleniosError } from "../belenios/error.ts";
import { GENERATOR, hexes, publicPower } from "../belenios/group.ts";
import type { Sealed } from "../belenios/seal.ts";

/** The file that `suffrage audit-ballot` reads. */
export function openedFile(electionText: string, { text, openings }: Sealed): string {
  const written = openings.map((row) => row.map(({ value, randomness }) => ({ value, randomness: String(randomness) })));
  return JSON.stringify({ format: "suffrage-opened-ballot/1", election: electionText, ballot: text, openings: written });
}

/** The values of a ballot's first answer, each ciphertext made again from its opening; fails where one is another. */
export function reopened(election: Election, { text, openings }: Sealed): number[] {
  const answer = parseBallot(text).answers[0];
  const row = openings[0];
  if (answer === undefined || row === undefined || answer.choices.length !== row.length) {
    throw new BeleniosError("the ballot has other ciphertexts than openings");
  }
  return row.map(({ value, randomness }, at) => {
    const made = hexes([
      publicPower(GENERATOR, randomness),
      publicPower(election.key, randomness).add(publicPower(GENERATOR, BigInt(value))),
    ]);
    if (made[0] !== answer.choices[at]?.alpha || made[1] !== answer.choices[at]?.beta) {
      throw new BeleniosError(`ciphertext ${at + 1} is not that of its opening`);
    }
    return value;
  });
}
