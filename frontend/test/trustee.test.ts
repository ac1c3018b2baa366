/** What follows from seeds, and the ceremonies and decryptions that the vectors keep. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { GENERATOR, hex, power } from "../src/belenios/group.ts";
import { Basic } from "../src/belenios/trustee/basic.ts";
import { Keys } from "../src/belenios/trustee/certificate.ts";
import { ownerOf, partialDecryption, prepared, secretOf } from "../src/belenios/trustee/decryption.ts";
import { checkedCertificates, placeOf, polynomial, privateKey, share } from "../src/belenios/trustee/pedersen.ts";
import { Seed } from "../src/belenios/trustee/seed.ts";
import { Trustees } from "../src/belenios/trustee/trustees.ts";

/** The root of the repository; the build puts it in. */
declare const ROOT: string;

interface SeedVector {
  seed: string;
  signing_key: string;
  verification: string;
  decryption_key: string;
  encryption: string;
  basic_key: string;
  basic_public_key: string;
  basic_id: string;
  polynomial: string[];
  coefexps: string[];
}

interface Kept {
  kind: string;
  basic: { seed: string; parameters: string };
  group: null | {
    context: string;
    seeds: string[];
    certificates: string[];
    polynomials: string[];
    vinputs: string[];
    shares: string[];
  };
  trustees: string;
  public_key: string;
  partials: { owner: number; text: string }[];
  records: { name: string; text: string }[];
}

const file = JSON.parse(readFileSync(`${ROOT}/tests/vectors/belenios.json`, "utf8")) as {
  drawn: { seeds: SeedVector[] };
  kept: { elections: Kept[] };
};
const [, threshold] = file.kept.elections;
const group = threshold?.group ?? assert.fail("the vectors have no group");
const refused = { name: "BeleniosError" };

test("everything follows from the seed", () => {
  for (const vector of file.drawn.seeds) {
    const seed = Seed.parse(vector.seed);
    const keys = Keys.of(seed);
    assert.equal(String(seed.signingKey()), vector.signing_key);
    assert.equal(String(seed.decryptionKey()), vector.decryption_key);
    assert.equal(String(seed.basicKey()), vector.basic_key);
    assert.equal(hex(keys.verification), vector.verification);
    assert.equal(hex(keys.encryption), vector.encryption);
    assert.equal(hex(power(GENERATOR, seed.basicKey())), vector.basic_public_key);
    assert.equal(Basic.make(seed, null).id(), vector.basic_id);
    const secret = seed.polynomial(vector.polynomial.length);
    assert.deepEqual(secret.coefficients().elements.map(hex), vector.coefexps);
    assert.equal(String(secret.evaluate(0)), vector.polynomial[0]);
    for (const index of [1, 2, 9_999]) {
      assert.ok(power(GENERATOR, secret.evaluate(index)).equals(secret.coefficients().evaluate(index)));
    }
  }
});

test("a seed is new every time, and is gone once it is wiped", () => {
  const [one, other] = [Seed.random(), Seed.random()];
  assert.ok(!one.equals(other) && one.equals(Seed.parse(one.expose())));
  assert.equal(one.expose().length, 44);
  one.wipe();
  for (const use of [() => one.expose(), () => one.signingKey(), () => one.basicKey(), () => one.polynomial(2)]) {
    assert.throws(use, /was wiped/);
  }
  for (const wrong of ["", "short", "0".repeat(44), `${"z".repeat(43)} `]) {
    assert.throws(() => Seed.parse(wrong), refused);
  }
});

test("the kept certificates and trustees hold, and read back as they were written", () => {
  const certificates = checkedCertificates(group.context, group.certificates);
  assert.deepEqual(certificates.map((certificate) => certificate.json()), group.certificates);
  for (const [at, text] of group.seeds.entries()) assert.equal(placeOf(certificates, Seed.parse(text)), at + 1);
  for (const kept of file.kept.elections) {
    const trustees = Trustees.parse(kept.trustees);
    trustees.check();
    assert.equal(trustees.json(), kept.trustees);
    assert.equal(hex(trustees.key()), kept.public_key);
  }
});

test("the kept messages are opened, and give the kept shares", () => {
  for (const [at, text] of group.seeds.entries()) {
    const seed = Seed.parse(text);
    const made = share(group.context, group.certificates, seed, group.vinputs[at] as string);
    const own = /^\{"private_key":(\{.*?\})/.exec(made)?.[1] ?? assert.fail();
    assert.equal(privateKey(seed, own), privateKey(seed, group.shares[at] as string));
    const again = polynomial(group.context, group.certificates, seed);
    const published = (record = "") => /"coefexps":(\{.*?\})/.exec(record)?.[1] ?? assert.fail();
    assert.equal(published(again), published(group.polynomials[at]));
  }
});

test("the kept factors are computed again", () => {
  for (const kept of file.kept.elections) {
    const text = (start: string) =>
      kept.records.find((record) => record.text.startsWith(start))?.text ?? assert.fail(start);
    const election = text('{"version":2');
    const tally = text('[[{"alpha"');
    const { members } = prepared(election, kept.trustees, tally);
    const keepers = [{ seed: kept.basic.seed, share: null as string | null }];
    kept.group?.seeds.forEach((seed, at) => keepers.push({ seed, share: kept.group?.shares[at] ?? null }));
    for (const partial of kept.partials) {
      const keeper = keepers[partial.owner - 1] ?? assert.fail();
      const seed = Seed.parse(keeper.seed);
      const made = partialDecryption(election, kept.trustees, tally, seed, keeper.share);
      const factors = (record: string) => [...record.matchAll(/"factor":"([0-9a-f]{64})"/g)].map((found) => found[1]);
      assert.equal(made.owner, partial.owner);
      assert.deepEqual(factors(made.record), factors(partial.text));
      const member = ownerOf(seed, members) ?? assert.fail();
      assert.ok(power(GENERATOR, secretOf(member, seed, keeper.share)).equals(member.publicKey));
    }
  }
});
