/** Sealing: an elector's choices become ciphertexts, proofs and a signature. */

import type { Ciphertext, Pair } from "./ballot.ts";
import { PURPOSE, hashedChoices, writtenAnswer } from "./ballot.ts";
import { secretOf } from "./credential.ts";
import type { Election, Question } from "./election.ts";
import { ciphertexts } from "./election.ts";
import { BeleniosError } from "./error.ts";
import type { Element } from "./group.ts";
import { GENERATOR, hex, hexes, power, product, randomScalar, reduced } from "./group.ts";
import type { Secret } from "./proof.ts";
import { prove, sign, writtenProof } from "./proof.ts";

/** An overall proof has a part for each number from min to max: more of them would fill the memory. */
const LARGEST_RANGE = 10_000;

/** What a ciphertext was made of: whoever has it can open the ciphertext. */
export interface Opening {
  readonly value: number;
  readonly randomness: bigint;
}

/** A sealed ballot with the openings of its ciphertexts, by question. */
export interface Sealed {
  readonly text: string;
  readonly openings: readonly (readonly Opening[])[];
}

/**
 * Seals a ballot: for each question a 0 or 1 for each answer, the blank vote first where it is allowed.
 *
 * `pause` is awaited after every ciphertext and proof, so that a page stays alive meanwhile. Fails where the code is
 * none, or where the choices are not what a question allows; neither is repeated.
 */
export async function sealBallot(
  election: Election,
  code: string,
  choices: readonly (readonly number[])[],
  pause: () => Promise<void> = async () => undefined,
): Promise<Sealed> {
  const exponent = secretOf(election.uuid, code);
  if (choices.length !== election.questions.length) {
    throw new BeleniosError(`choices for ${choices.length} questions (expected: ${election.questions.length})`);
  }
  election.questions.forEach((question, at) => checkChoices(question, choices[at] as readonly number[], at + 1));
  const credential = hex(power(GENERATOR, exponent));
  const answers: string[] = [];
  const openings: Opening[][] = [];
  for (const [at, question] of election.questions.entries()) {
    const chosen = (choices[at] as readonly number[]).map((value) => ({ value, randomness: randomScalar() }));
    openings.push(chosen);
    const start = `${election.fingerprint}|${credential}`;
    answers.push(await sealAnswer(election.key, question, chosen, start, pause));
  }
  const message =
    `{"election_uuid":"${election.uuid}","election_hash":"${election.fingerprint}","credential":"${credential}",` +
    `"answers":[${answers.join(",")}]}`;
  const signature = sign(PURPOSE, exponent, message);
  return { text: `{"message":${message},"signature":${writtenProof(signature)}}`, openings };
}

function checkChoices(question: Question, chosen: readonly number[], number: number): void {
  const { blank, min, max } = question;
  if (max - min > LARGEST_RANGE) {
    throw new BeleniosError(
      `question ${number}: no ballot can be sealed: min is ${min} and max ${max} (expected: at most ${LARGEST_RANGE} apart)`,
    );
  }
  const expected = ciphertexts(question);
  if (chosen.length !== expected || chosen.some((value) => value !== 0 && value !== 1)) {
    throw new BeleniosError(`question ${number}: these are not ${expected} choices of 0 or 1`);
  }
  const sum = total(chosen.slice(Number(blank)));
  const allowed = blank && chosen[0] === 1 ? sum === 0 : min <= sum && sum <= max;
  if (!allowed) {
    throw new BeleniosError(
      `question ${number}: the number of chosen answers is not allowed (expected: from ${min} to ${max}` +
        `${blank ? ", or the blank vote alone" : ""})`,
    );
  }
}

async function sealAnswer(
  key: Element, question: Question, chosen: readonly Opening[], start: string, pause: () => Promise<void>,
): Promise<string> {
  const choices: Ciphertext[] = [];
  const pairs: [Element, Element][] = [];
  const individualProofs: Pair[] = [];
  for (const opening of chosen) {
    const pair = encrypted(key, opening);
    const choice = digitsOf(pair);
    const statement = { purpose: "prove", message: `${start}|${choice.alpha},${choice.beta}|` } as const;
    // A choice of 0 or 1 is the number of its true branch.
    const proofs = prove(key, statement, [secretFor(opening, 0), secretFor(opening, 1)], opening.value);
    pairs.push(pair);
    choices.push(choice);
    individualProofs.push(proofs as unknown as Pair);
    await pause();
  }
  const context = `${start}|${hashedChoices(choices)}`;
  const counted = chosen.slice(Number(question.blank));
  const sum: Opening = {
    value: total(counted.map(({ value }) => value)),
    randomness: reduced(counted.reduce((all, { randomness }) => all + randomness, 0n)),
  };
  const values: Secret[] = [];
  for (let value = question.min; value <= question.max; value += 1) values.push(secretFor(sum, value));
  const first = chosen[0];
  if (!question.blank || first === undefined) {
    const { alpha, beta } = digitsOf([product(pairs.map(([one]) => one)), product(pairs.map(([, other]) => other))]);
    const statement = { purpose: "prove", message: `${context}|${alpha},${beta}|` } as const;
    const overallProof = prove(key, statement, values, sum.value - question.min);
    return writtenAnswer({ choices, individualProofs, overallProof, blankProof: null });
  }
  const either = [secretFor(first, 0), secretFor(sum, 0)];
  const blankProof = prove(key, { purpose: "bproof0", message: context }, either, first.value) as unknown as Pair;
  await pause();
  const branches = [secretFor(first, 1), ...values];
  const place = first.value === 1 ? 0 : sum.value - question.min + 1;
  const overallProof = prove(key, { purpose: "bproof1", message: context }, branches, place);
  return writtenAnswer({ choices, individualProofs, overallProof, blankProof });
}

/** g^r and y^r g^m, where m is 0 or 1: both are computed, whichever it is. */
function encrypted(key: Element, { value, randomness }: Opening): [Element, Element] {
  const masked = power(key, randomness);
  const either = [masked, masked.add(GENERATOR)];
  return [power(GENERATOR, randomness), either[value] as Element];
}

function digitsOf(pair: readonly [Element, Element]): Ciphertext {
  const [alpha, beta] = hexes(pair) as [string, string];
  return { alpha, beta };
}

/** What the prover knows of the branch that says `value` of a ciphertext. */
function secretFor(opening: Opening, value: number): Secret {
  return { randomness: opening.randomness, difference: reduced(BigInt(opening.value - value)) };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
