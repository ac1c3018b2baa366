/** The check of one ballot, in the words of the specification. */

import type { Answer, Ballot } from "./ballot.ts";
import { PURPOSE, hashedChoices, parseBallot } from "./ballot.ts";
import type { Election, Question } from "./election.ts";
import { ciphertexts } from "./election.ts";
import { BeleniosError } from "./error.ts";
import type { Element } from "./group.ts";
import { IDENTITY, hexes, parseElement, product } from "./group.ts";
import type { Branch } from "./proof.ts";
import { holds, verify } from "./proof.ts";

/**
 * Checks all that a ballot shows of itself: its election, its elements, every proof, the signature.
 *
 * Gives the public credential; whether that is on the list is the caller's to see. Fails with the first thing that does
 * not hold.
 */
export function checkBallot(election: Election, text: string): string {
  const ballot: Ballot = parseBallot(text);
  if (ballot.uuid !== election.uuid) throw new BeleniosError("the ballot is for another election");
  if (ballot.fingerprint !== election.fingerprint) {
    throw new BeleniosError("the ballot names another fingerprint of the election");
  }
  const credential = parseElement(ballot.credential);
  if (credential === null || credential.equals(IDENTITY)) {
    throw new BeleniosError("the credential is no element of prime order");
  }
  if (!verify(PURPOSE, credential, ballot.message, ballot.signature)) {
    throw new BeleniosError("the signature does not hold");
  }
  if (ballot.answers.length !== election.questions.length) {
    throw new BeleniosError(
      `the ballot answers ${ballot.answers.length} questions (expected: ${election.questions.length})`,
    );
  }
  const start = `${election.fingerprint}|${ballot.credential}`;
  ballot.answers.forEach((answer, at) => {
    try {
      checkAnswer(election.key, election.questions[at] as Question, answer, start);
    } catch (error) {
      throw error instanceof BeleniosError ? new BeleniosError(`question ${at + 1}: ${error.message}`) : error;
    }
  });
  return ballot.credential;
}

function checkAnswer(key: Element, question: Question, answer: Answer, start: string): void {
  const expected = ciphertexts(question);
  if (answer.choices.length !== expected || answer.individualProofs.length !== expected) {
    throw new BeleniosError(
      `${answer.choices.length} choices with ${answer.individualProofs.length} proofs (expected: ${expected} of each)`,
    );
  }
  if ((answer.blankProof !== null) !== question.blank) {
    throw new BeleniosError(`the proof of blank votes (expected: ${question.blank ? "one" : "none"}, by the question)`);
  }
  const choices = answer.choices.map(({ alpha, beta }, at) => ({
    alpha: elementOf(alpha, `choice ${at + 1}: alpha`),
    beta: elementOf(beta, `choice ${at + 1}: beta`),
  }));
  choices.forEach((choice, at) => {
    const { alpha, beta } = answer.choices[at] as { alpha: string; beta: string };
    const statement = { purpose: "prove", message: `${start}|${alpha},${beta}|` } as const;
    const branches = [{ ...choice, value: 0 }, { ...choice, value: 1 }];
    if (!holds(key, statement, branches, answer.individualProofs[at] as Answer["individualProofs"][number])) {
      throw new BeleniosError(`choice ${at + 1}: the proof that it is 0 or 1 does not hold`);
    }
  });
  checkSum(key, question, answer, choices, `${start}|${hashedChoices(answer.choices)}`);
}

/** The overall proof, and that of blank votes where the question allows them. */
function checkSum(
  key: Element, question: Question, answer: Answer, choices: readonly Omit<Branch, "value">[], context: string,
): void {
  const counted = choices.slice(Number(question.blank));
  const sum = { alpha: product(counted.map(({ alpha }) => alpha)), beta: product(counted.map(({ beta }) => beta)) };
  const parts = question.max - question.min + 1 + Number(question.blank);
  if (answer.overallProof.length !== parts) {
    throw new BeleniosError(`the overall proof has ${answer.overallProof.length} parts (expected: ${parts})`);
  }
  const values: Branch[] = [];
  for (let value = question.min; value <= question.max; value += 1) values.push({ ...sum, value });
  let overall: boolean;
  const first = choices[0];
  if (answer.blankProof !== null && first !== undefined) {
    const either = [{ ...first, value: 0 }, { ...sum, value: 0 }];
    if (!holds(key, { purpose: "bproof0", message: context }, either, answer.blankProof)) {
      throw new BeleniosError("the proof of blank votes does not hold");
    }
    const branches = [{ ...first, value: 1 }, ...values];
    overall = holds(key, { purpose: "bproof1", message: context }, branches, answer.overallProof);
  } else {
    const [alpha, beta] = hexes([sum.alpha, sum.beta]);
    const statement = { purpose: "prove", message: `${context}|${alpha},${beta}|` } as const;
    overall = holds(key, statement, values, answer.overallProof);
  }
  if (!overall) throw new BeleniosError("the overall proof does not hold");
}

function elementOf(digits: string, name: string): Element {
  const element = parseElement(digits);
  if (element === null) throw new BeleniosError(`${name} is no element of prime order`);
  return element;
}
