/** Sealing and checking against the vectors that the Rust core is held to. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseBallot } from "../src/belenios/ballot.ts";
import { checkBallot } from "../src/belenios/check.ts";
import { newCode, publicCredential } from "../src/belenios/credential.ts";
import type { Question } from "../src/belenios/election.ts";
import { parseElection } from "../src/belenios/election.ts";
import { trackingNumber } from "../src/belenios/fingerprint.ts";
import { GENERATOR, hex, parseElement, power, prepare, reduced } from "../src/belenios/group.ts";
import { sha256Hex } from "../src/belenios/hash.ts";
import { sealBallot } from "../src/belenios/seal.ts";
import type { Opening } from "../src/belenios/seal.ts";
import { drawn } from "./vectors.ts";

const refused = { name: "BeleniosError" };
const parsed = drawn.elections.map((vector) => ({ vector, election: parseElection(vector.text) }));
parsed.forEach(({ election }) => prepare(election.key));

/** Every vote that a question allows. */
function everyChoice({ answers, blank, min, max }: Question): number[][] {
  const rows: number[][] = blank ? [[1, ...answers.map(() => 0)]] : [];
  for (let number = 0; number < 2 ** answers.length; number += 1) {
    const row = answers.map((_, at) => (number >> at) & 1);
    const sum = row.reduce((all, value) => all + value, 0);
    if (min <= sum && sum <= max) rows.push(blank ? [0, ...row] : row);
  }
  return rows;
}

test("elections are read as they were published", () => {
  for (const { vector, election } of parsed) {
    assert.equal(election.fingerprint, vector.fingerprint);
    assert.equal(election.uuid, vector.uuid);
    assert.equal(election.name, vector.name);
    assert.equal(hex(election.key), vector.public_key);
    assert.deepEqual(election.questions, vector.questions);
  }
});

test("an election written in another way is none", () => {
  const { text } = drawn.elections[0] ?? assert.fail();
  const changes: [string, string][] = [
    ['"version":2', '"version":1'], ['"version":2', '"version": 2'], ["Ed25519", "RFC-3526-2048"],
    ['"Homomorphic"', '"NonHomomorphic"'], ['"min":0,"max":1', '"min":1,"max":0'], ['"min":0', '"min":00'],
    ['"uuid":"VectorsVectors"', '"uuid":"Vectors"'], ['"uuid":"VectorsVectors"', '"uuid":"VectorsVector0"'],
    [drawn.elections[0]?.public_key ?? "", `${"0".repeat(63)}1`], ["Жінка", "Ж\ud800"], ["Жінка", "Ж\u0001"],
    ['{"version"', '\ufeff{"version"'], ['"name":', '"name" :'], ["}", ""],
  ];
  for (const [before, after] of changes) {
    assert.ok(text.includes(before), before);
    assert.throws(() => parseElection(text.replace(before, after)), refused, after);
  }
  for (const wrong of ["", `${text}\n`, ` ${text}`, text.slice(0, -1)]) assert.throws(() => parseElection(wrong), refused);
});

test("the ballots of the vectors hold, with their tracking numbers", () => {
  for (const { vector, election } of parsed) {
    for (const ballot of vector.ballots) {
      assert.equal(checkBallot(election, ballot.text), vector.credential, vector.name);
      assert.equal(trackingNumber(ballot.text), ballot.tracking_number);
      assert.equal(sha256Hex(ballot.text), ballot.sha256);
    }
  }
});

test("every wrong ballot of the vectors is refused, and every ballot in another election", () => {
  let count = 0;
  for (const { vector, election } of parsed) {
    for (const { name, text } of vector.wrong) {
      assert.throws(() => checkBallot(election, text), refused, name);
      count += 1;
    }
    for (const other of parsed.filter((item) => item.election !== election)) {
      for (const { text } of vector.ballots) assert.throws(() => checkBallot(other.election, text), refused);
    }
  }
  assert.ok(count > 50);
});

test("every choice is sealed so that it holds, and its openings open it", async () => {
  for (const { vector, election } of parsed) {
    const rows = election.questions.map(everyChoice);
    const longest = Math.max(...rows.map((row) => row.length));
    for (let number = 0; number < longest; number += 1) {
      const choices = rows.map((row) => row[number % row.length] as number[]);
      const code = newCode();
      const { text, openings } = await sealBallot(election, code, choices);
      assert.equal(checkBallot(election, text), publicCredential(election.uuid, code), vector.name);
      parseBallot(text).answers.forEach((answer, at) =>
        answer.choices.forEach(({ alpha, beta }, place) => {
          const { value, randomness } = openings[at]?.[place] as Opening;
          assert.equal(value, choices[at]?.[place]);
          assert.equal(hex(power(GENERATOR, randomness)), alpha);
          // beta / alpha^x = g^m, with the private key x.
          const point = parseElement(beta) ?? assert.fail();
          const mask = power(parseElement(alpha) ?? assert.fail(), BigInt(vector.private_key));
          assert.equal(hex(point.subtract(mask)), hex(power(GENERATOR, reduced(BigInt(value)))));
        }),
      );
    }
  }
});

test("choices that are not allowed are not sealed, nor repeated", async () => {
  for (const { election } of parsed) {
    const allowed = election.questions.map((question) => everyChoice(question)[0] as number[]);
    for (const [at, question] of election.questions.entries()) {
      const wrongs: number[][] = [[], [...(allowed[at] as number[]), 0], (allowed[at] as number[]).map(() => 2)];
      if (question.blank) wrongs.push([1, 1, ...question.answers.slice(1).map(() => 0)]);
      if (question.max < question.answers.length) {
        wrongs.push([...(question.blank ? [0] : []), ...question.answers.map(() => 1)]);
      }
      for (const wrong of wrongs) {
        const choices = allowed.map((row, place) => (place === at ? wrong : row));
        await assert.rejects(
          sealBallot(election, newCode(), choices),
          (error: Error) => error.name === "BeleniosError" && (wrong.length === 0 || !error.message.includes(String(wrong))),
        );
      }
    }
    await assert.rejects(sealBallot(election, newCode(), []), refused);
    await assert.rejects(sealBallot(election, "no code", allowed), (error: Error) => !error.message.includes("no code"));
  }
});

test("two ballots of one choice have nothing in common but what names them", async () => {
  const { election } = parsed[1] ?? assert.fail();
  const code = newCode();
  const strings = async () => new Set((await sealBallot(election, code, [[1, 0, 0]])).text.match(/"[0-9a-f]{30,}"/g));
  const [one, other] = [await strings(), await strings()];
  assert.equal([...one].filter((text) => other.has(text)).length, 2);
});
