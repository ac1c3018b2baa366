/** What the page came with: the election and its urns, as the service writes them. */

import { BeleniosError } from "../belenios/error.ts";
import type { Election, Question } from "../belenios/election.ts";
import { parseElection } from "../belenios/election.ts";

export interface Candidate {
  readonly number: number;
  readonly surname: string;
  readonly names: string;
  readonly supporters: readonly string[];
  readonly occupation: string;
  readonly party: string;
}

/** An urn as the service describes it. */
export interface UrnConfig {
  readonly uuid: string;
  readonly contest: string;
  readonly ballot: 1 | 2;
  /** The exact text of the election after Belenios. */
  readonly text: string;
  readonly name: string;
  readonly unit: string;
  readonly chamber: string;
  readonly state: "open" | "before" | "closed";
  readonly opens: string;
  readonly closes: string;
  readonly seats: number;
  readonly marking: "strike-out" | "mark";
  readonly none_left: "valid" | "invalid";
  /** In the order of the answers. */
  readonly candidates: readonly Candidate[];
}

export interface Config {
  readonly election: {
    readonly id: string;
    readonly title: string;
    readonly kind: "real" | "rehearsal" | "demo";
    readonly language: string;
    readonly languages: readonly string[];
    readonly time_zone: string;
  };
  readonly second_factor: boolean;
  /** What is signed with the code at the door, where a second factor is wanted; else empty. */
  readonly nonce: string;
  readonly booth_sha256: string;
  readonly csrf: string;
  readonly urns: readonly UrnConfig[];
  readonly urls: Readonly<Record<"door" | "factor" | "cast" | "home" | "archive", string>>;
}

/** An urn with what its election says. */
export interface Urn extends UrnConfig {
  readonly sealed: Election;
  readonly question: Question;
}

/**
 * Reads the election of an urn, and holds what is shown against what is sealed.
 *
 * Fails where the text is none, or where the names on the paper are not the answers that the ciphertexts stand for.
 */
export function urnOf(config: UrnConfig): Urn {
  const sealed = parseElection(config.text);
  const question = sealed.questions[0];
  if (sealed.uuid !== config.uuid || question === undefined || sealed.questions.length !== 1) {
    throw new BeleniosError("the election of this urn is another one");
  }
  const names = config.candidates.map(fullName);
  const right =
    names.length === question.answers.length &&
    names.every((name, at) => {
      const answer = question.answers[at] as string;
      return answer === name || answer.startsWith(`${name} (`);
    });
  if (!right) throw new BeleniosError("the names on the paper are not those of the election");
  return { ...config, sealed, question };
}

/** Surname first, as on the ballot paper. */
export function fullName({ surname, names }: Candidate): string {
  return `${surname} ${names}`.trim();
}
