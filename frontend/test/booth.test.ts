/** What the booth decides without a page: marks, receipts, opened ballots, and that every language says everything. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseElection } from "../src/belenios/election.ts";
import type { Question } from "../src/belenios/election.ts";
import { trackingNumber } from "../src/belenios/fingerprint.ts";
import { sha256Hex } from "../src/belenios/hash.ts";
import { sealBallot } from "../src/belenios/seal.ts";
import type { Candidate, UrnConfig } from "../src/booth/config.ts";
import { urnOf } from "../src/booth/config.ts";
import { choicesOf, leftOf, sealable, toggled, untouched, verdict } from "../src/booth/marks.ts";
import { openedFile, reopened } from "../src/booth/opened.ts";
import { isReceiptOf } from "../src/booth/receipt.ts";
import { WORDS } from "../src/words/index.ts";
import { drawn } from "./vectors.ts";

const vector = drawn.elections.find(({ name }) => name === "one of three") ?? assert.fail();
const person = (surname: string, number: number): Candidate =>
  ({ number, surname, names: "", supporters: [], occupation: "", party: "" });
const config: UrnConfig = {
  uuid: vector.uuid, contest: "c", ballot: 1, text: vector.text, name: "C", unit: "", chamber: "", state: "open",
  opens: "", closes: "", seats: 1, marking: "strike-out", none_left: "invalid",
  candidates: ["Ada", "Bob", "Cleo"].map((name, at) => person(name, at + 1)),
};
const asked = (answers: number, min: number, max: number, blank = false): Question =>
  ({ answers: Array.from({ length: answers }, String), min, max, blank, question: "" });

test("a paper can be sealed exactly where its choices are allowed", () => {
  for (const answers of [1, 2, 3, 4]) {
    for (let max = 1; max <= answers; max += 1) {
      for (let min = 0; min <= max; min += 1) {
        for (const blank of [false, true]) {
          const question = asked(answers, min, max, blank);
          for (let bits = 0; bits < 2 ** answers; bits += 1) {
            const left = Array.from({ length: answers }, (_, at) => ((bits >> at) & 1) === 1);
            const count = left.filter(Boolean).length;
            const allowed = (count === 0 && blank) || (min <= count && count <= max);
            const found = verdict(question, left);
            assert.equal(sealable(found), allowed, JSON.stringify({ question, left }));
            if (found.is === "many") assert.equal(count - found.by, max);
            if (found.is === "few") assert.equal(count + found.by, min);
            const choices = choicesOf(question, left);
            assert.deepEqual(leftOf(question, choices), left);
            assert.equal(choices.length, answers + Number(blank));
            if (blank) assert.equal(choices[0], Number(count === 0));
          }
        }
      }
    }
  }
});

test("nothing is struck out and nothing marked at the start", () => {
  assert.deepEqual(untouched(config), [true, true, true]);
  assert.deepEqual(untouched({ ...config, marking: "mark" }), [false, false, false]);
  assert.deepEqual(toggled([true, true, true], 1), [true, false, true]);
});

test("an urn whose names are not its answers, in their order, is refused", () => {
  assert.equal(urnOf(config).sealed.uuid, vector.uuid);
  const two = person("Bob (no. 2)", 2);
  assert.ok(urnOf({ ...config, text: vector.text.replace('"Bob"', '"Bob (no. 2)"') }));
  const [ada, bob, cleo] = config.candidates as [Candidate, Candidate, Candidate];
  for (const candidates of [[bob, ada, cleo], [ada, bob], [ada, bob, cleo, bob], [ada, two, cleo], [ada, person("Bo", 2), cleo]]) {
    assert.throws(() => urnOf({ ...config, candidates }), { name: "BeleniosError" });
  }
  assert.throws(() => urnOf({ ...config, uuid: "AnotherElection" }), { name: "BeleniosError" });
  assert.throws(() => urnOf({ ...config, text: vector.text.replace('"min":1', '"min":2') }), { name: "BeleniosError" });
});

test("an opened ballot opens, and a changed opening does not", async () => {
  const election = parseElection(vector.text);
  const sealed = await sealBallot(election, vector.code, [[0, 1, 0]]);
  assert.deepEqual(reopened(election, sealed), [0, 1, 0]);
  const file = JSON.parse(openedFile(vector.text, sealed)) as Record<string, unknown>;
  assert.equal(file["format"], "suffrage-opened-ballot/1");
  assert.deepEqual([file["election"], file["ballot"]], [vector.text, sealed.text]);
  const row = sealed.openings[0] ?? assert.fail();
  const lies = [
    row.map(({ value, randomness }) => ({ value: 1 - value, randomness })),
    row.map(({ value, randomness }) => ({ value, randomness: randomness + 1n })),
    row.slice(1),
  ];
  for (const lie of lies) {
    assert.throws(() => reopened(election, { ...sealed, openings: [lie] }), { name: "BeleniosError" });
  }
});

test("a receipt is that of the ballot, or none", () => {
  const ballot = vector.ballots[0]?.text ?? assert.fail();
  const right = { tracking: trackingNumber(ballot), sha256: sha256Hex(ballot), height: 1, event: "", replaces: false };
  assert.ok(isReceiptOf(right, ballot));
  assert.ok(!isReceiptOf(right, `${ballot} `));
  assert.ok(!isReceiptOf({ ...right, tracking: trackingNumber("x") }, ballot));
  assert.ok(!isReceiptOf({ ...right, sha256: sha256Hex("x") }, ballot));
});

/** Every sentence with its place; functions are called with numbers and names. */
function sentences(words: object, place = ""): [string, string][] {
  return Object.entries(words).flatMap(([key, value]): [string, string][] => {
    const here = `${place}.${key}`;
    if (typeof value === "string") return [[here, value]];
    if (typeof value !== "function") return sentences(value as object, here);
    const call = value as (...values: unknown[]) => string;
    return [1, 2, 5].map((number) => [here, String(call(here.includes("valid") ? ["A", "B"] : number, number, "name"))]);
  });
}

test("every language says everything, each in its own letters", () => {
  const english = sentences(WORDS.en);
  assert.ok(english.length > 120);
  for (const [language, words] of Object.entries(WORDS)) {
    const found = sentences(words);
    assert.deepEqual(found.map(([place]) => place), english.map(([place]) => place), language);
    found.forEach(([place, text], at) => {
      assert.ok(text !== "" || place === ".kind.real", `${language}${place}`);
      assert.ok(!/undefined|NaN|\[object/.test(text), text);
      const same = text === english[at]?.[1];
      assert.ok(language === "en" || !same || text.length < 8, `${language}${place}: ${text}`);
      if (language === "ru" && text.length > 8) assert.match(text, /\p{Script=Cyrillic}/u);
    });
  }
  assert.deepEqual(Object.keys(WORDS.ru.refusals), Object.keys(WORDS.en.refusals));
});
