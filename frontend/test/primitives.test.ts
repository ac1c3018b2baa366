/** Group, hashing, credentials, signatures and strings against the vectors that the Rust core is held to. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { isCode, newCode, publicCredential, publicCredentials, randomBase58, secretOf, typedCode } from "../src/belenios/credential.ts";
import * as group from "../src/belenios/group.ts";
import { hashGroup, hashToFields } from "../src/belenios/hash.ts";
import { Cursor, written } from "../src/belenios/json.ts";
import { sign, verify } from "../src/belenios/proof.ts";
import { drawn } from "./vectors.ts";

const element = (digits: string) => group.parseElement(digits) ?? assert.fail(digits);

test("hash_to_field and HashGroup", () => {
  for (const { tag, message, scalars } of drawn.hash_to_field) {
    assert.deepEqual(hashToFields(tag, message, scalars.length).map(String), scalars);
  }
  for (const { purpose, message, elements, scalar } of drawn.hash_group) {
    assert.equal(String(hashGroup(purpose, message, elements)), scalar);
  }
});

test("elements have one spelling", () => {
  for (const { name, hex, element } of drawn.points) {
    const found = group.parseElement(hex);
    assert.equal(found !== null, element, name);
    if (found !== null) assert.equal(group.hex(found), hex);
  }
  for (const wrong of ["", "0".repeat(63), `${"0".repeat(63)}1\n`, ` ${"0".repeat(63)}1`]) {
    assert.equal(group.parseElement(wrong), null);
  }
});

test("arithmetic of the group and of its scalars", () => {
  for (const row of drawn.arithmetic) {
    const [a, b] = [BigInt(row.a), BigInt(row.b)];
    const [ga, gb] = [element(row["g^a"]), element(row["g^b"])];
    assert.equal(group.hex(group.power(group.GENERATOR, a)), row["g^a"]);
    assert.equal(group.hex(group.power(group.prepare(group.GENERATOR), b)), row["g^b"]);
    assert.equal(group.hex(group.power(ga, b)), row["(g^a)^b"]);
    assert.equal(group.hex(group.publicPower(ga, b)), row["(g^a)^b"]);
    assert.deepEqual(group.hexes([ga.add(gb), ga.subtract(gb)]), [row.product, row.quotient]);
    assert.equal(String(group.reduced(a + b)), row["a+b"]);
    assert.equal(String(group.reduced(a * b)), row["a*b"]);
  }
  assert.equal(group.hex(group.power(group.GENERATOR, 0n)), group.hex(group.IDENTITY));
  assert.equal(group.reduced(-1n), group.ORDER - 1n);
});

test("scalars have one spelling", () => {
  for (const { text, scalar } of drawn.scalars) assert.equal(group.parseScalar(text) !== null, scalar, text);
  for (const wrong of ["1\n", "\n1", "1_0", "+0", "-0", "9".repeat(77)]) assert.equal(group.parseScalar(wrong), null);
});

test("random scalars and codes are drawn from the whole range", () => {
  const drawn = Array.from({ length: 200 }, group.randomScalar);
  assert.equal(new Set(drawn).size, 200);
  assert.ok(drawn.every((scalar) => scalar >= 0n && scalar < group.ORDER));
  assert.ok(drawn.some((scalar) => scalar >> 251n === 1n));
  const seen = new Set(randomBase58(5000));
  assert.equal(seen.size, 58);
  assert.ok(isCode(newCode()) && newCode() !== newCode());
});

test("strings are written so, and read again", () => {
  for (const { value, json } of drawn.strings) {
    assert.equal(written(value), json);
    const cursor = new Cursor(json);
    assert.equal(cursor.string(), value);
    cursor.end();
  }
  assert.equal(new Cursor('"\\ud83d\\ude00\\u0041\\/"').string(), "😀A/");
  const wrongs = ['"', '"\\', '"\\x"', '"\\u12"', '"\\ud83d"', '"\\ude00"', '"\n"', '"\\ud83d\\u0041"', '"\\u+123"'];
  for (const wrong of wrongs) assert.throws(() => new Cursor(wrong).string(), { name: "BeleniosError" }, wrong);
});

test("numbers and nesting are bounded", () => {
  assert.equal(new Cursor("9007199254740991").number(), Number.MAX_SAFE_INTEGER);
  for (const wrong of ["", "-1", "00", "01", "9007199254740992", "9".repeat(30)]) {
    assert.throws(() => new Cursor(wrong).number(), { name: "BeleniosError" }, wrong);
  }
  const passes = (text: string) => {
    const cursor = new Cursor(text);
    cursor.skipValue();
    cursor.end();
  };
  passes('{"a":[1,-2.5e3,null,true,"x"],"b":{}}');
  passes("[".repeat(31) + "]".repeat(31));
  for (const wrong of ["[".repeat(100_000), "[1, 2]", "", '{"a" :1}', "{,}", "[1,]", "nul"]) {
    assert.throws(() => passes(wrong), { name: "BeleniosError" }, wrong.slice(0, 20));
  }
});

test("credentials", async () => {
  for (const { uuid, code, secret, public: expected } of drawn.credentials) {
    assert.equal(String(secretOf(uuid, code)), secret);
    assert.equal(publicCredential(uuid, code), expected);
  }
  const uuids = Array.from({ length: 40 }, (_, at) => `VectorsVectors${"123456789"[at % 9]}${"abcde"[Math.floor(at / 9)]}`);
  let pauses = 0;
  const many = await publicCredentials(uuids, drawn.credentials[0]?.code ?? "", async () => void (pauses += 1));
  assert.equal(pauses, 3);
  assert.deepEqual(Object.keys(many), uuids);
  for (const uuid of uuids) assert.equal(many[uuid], publicCredential(uuid, drawn.credentials[0]?.code ?? ""));
  assert.throws(() => secretOf("VectorsVectors", "no code"), (error: Error) => !error.message.includes("no code"));
});

test("small slips in a code are taken out, and nothing is guessed", () => {
  const code = newCode();
  const bare = code.replaceAll("-", "");
  const slips = [code, ` ${code}\n`, bare, code.replaceAll("-", " "), code.replaceAll("-", "–"), `\u200b${code}`];
  slips.push(code.replaceAll("-", "\u2212"), [...bare].join(" "), code.replaceAll("-", " - "));
  for (const typed of slips) assert.equal(typedCode(typed), code);
  for (const wrong of ["", bare.slice(1), `${bare}1`, bare.replace(/.$/, "0"), bare.replace(/.$/, "l"), "é".repeat(22)]) {
    assert.equal(typedCode(wrong), null);
  }
});

test("signatures", () => {
  for (const row of drawn.signatures) {
    const proof = { challenge: BigInt(row.challenge), response: BigInt(row.response) };
    assert.ok(verify(row.purpose, element(row.key), row.message, proof));
    assert.ok(!verify(row.purpose, element(row.key), `${row.message} `, proof));
    assert.ok(!verify("other", element(row.key), row.message, proof));
    const own = sign(row.purpose, BigInt(row.secret), row.message);
    assert.ok(verify(row.purpose, element(row.key), row.message, own));
    assert.notEqual(own.challenge, proof.challenge);
  }
});
