/** The election (section "Elections"): its questions and its key, read from the text that everybody hashes. */

import { isUuid } from "./credential.ts";
import { BeleniosError } from "./error.ts";
import type { Element } from "./group.ts";
import { IDENTITY, NAME } from "./group.ts";
import { sha256Hex } from "./hash.ts";
import { Cursor } from "./json.ts";

/** A homomorphic question. */
export interface Question {
  /** The answers that can be chosen. */
  readonly answers: readonly string[];
  /** Whether a blank vote is allowed beside them. */
  readonly blank: boolean;
  /** The smallest number of answers that a ballot chooses. */
  readonly min: number;
  /** The largest. */
  readonly max: number;
  /** The text of the question. */
  readonly question: string;
}

/** An election as it was published. */
export interface Election {
  readonly uuid: string;
  readonly name: string;
  readonly description: string;
  /** The hash of its bytes. */
  readonly fingerprint: string;
  /** The public key y, never the identity. `group.prepare` makes its powers fast. */
  readonly key: Element;
  readonly questions: readonly Question[];
}

/** The number of ciphertexts of an answer: one for each answer, and a leading one where blank is allowed. */
export function ciphertexts(question: Question): number {
  return question.answers.length + Number(question.blank);
}

/**
 * Reads an election.
 *
 * Fails where the text is not exactly what the specification asks, names another version or group, or asks a question
 * that is not homomorphic.
 */
export function parseElection(text: string): Election {
  if (/\p{Surrogate}/u.test(text)) throw new BeleniosError("the election is not UTF-8");
  const cursor = new Cursor(text);
  cursor.expect('{"version":');
  const version = cursor.number();
  if (version !== 2) throw new BeleniosError(`the election has version ${version} (expected: 2)`);
  cursor.expect(',"description":');
  const description = cursor.string();
  cursor.expect(',"name":');
  const name = cursor.string();
  cursor.expect(',"group":');
  const group = cursor.string();
  if (group !== NAME) throw new BeleniosError(`the election is over another group (expected: ${NAME})`);
  cursor.expect(',"public_key":');
  const key = cursor.element();
  if (key.equals(IDENTITY)) throw new BeleniosError("the public key of the election is the identity");
  cursor.expect(',"questions":');
  const questions = cursor.list(readQuestion);
  cursor.expect(',"uuid":');
  const uuid = cursor.string();
  if (!isUuid(uuid)) {
    throw new BeleniosError("the election has no identifier (expected: at least 14 characters of Base58)");
  }
  // What the three optional fields hold decides nothing. In the official files the credential authority is a list.
  for (const field of ["administrator", "credential_authority", "language"]) {
    if (cursor.accept(`,"${field}":`)) cursor.skipValue();
  }
  cursor.expect("}");
  cursor.end();
  return { uuid, name, description, fingerprint: sha256Hex(text), key, questions };
}

function readQuestion(cursor: Cursor): Question {
  cursor.expect('{"type":');
  if (!cursor.accept('"Homomorphic"')) {
    throw cursor.wrong('"Homomorphic" (no other type of question is supported by this version)');
  }
  cursor.expect(',"value":{"answers":');
  const answers = cursor.list((items) => items.string());
  const blank = cursor.accept(',"blank":') && cursor.boolean();
  cursor.expect(',"min":');
  const min = cursor.number();
  cursor.expect(',"max":');
  const max = cursor.number();
  cursor.expect(',"question":');
  const question = cursor.string();
  cursor.expect("}");
  if (cursor.accept(',"extra":')) cursor.skipValue();
  cursor.expect("}");
  if (min > max) throw new BeleniosError(`a question has min ${min} and max ${max} (expected: min at most max)`);
  return { answers, blank, min, max, question };
}
