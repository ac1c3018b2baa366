/** Seals and checks for another program: a request a line on the standard input, an answer a line on the standard output. */

import { createInterface } from "node:readline";
import { checkBallot } from "../src/belenios/check.ts";
import { parseElection } from "../src/belenios/election.ts";
import type { Election } from "../src/belenios/election.ts";
import { BeleniosError } from "../src/belenios/error.ts";
import { prepare } from "../src/belenios/group.ts";
import { textOf } from "../src/belenios/json.ts";
import { sealBallot } from "../src/belenios/seal.ts";

/** Everything that may be other than UTF-8 is in Base64. */
interface Request {
  readonly election: string;
  readonly ballot?: string;
  readonly code?: string;
  readonly choices?: number[][];
}

let last: { text: string; election: Election } | null = null;

function electionOf(encoded: string): Election {
  if (last?.text !== encoded) {
    const election = parseElection(textOf(Buffer.from(encoded, "base64")));
    prepare(election.key);
    last = { text: encoded, election };
  }
  return last.election;
}

async function answer({ election, ballot, code = "", choices = [] }: Request): Promise<object> {
  try {
    const read = electionOf(election);
    if (ballot !== undefined) return { credential: checkBallot(read, textOf(Buffer.from(ballot, "base64"))) };
    const { text, openings } = await sealBallot(read, code, choices);
    const written = openings.map((row) => row.map(({ value, randomness }) => ({ value, randomness: String(randomness) })));
    return { ballot: text, openings: written, fingerprint: read.fingerprint };
  } catch (error) {
    if (error instanceof BeleniosError) return { error: error.message };
    throw error;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line) as Request))}\n`);
}
