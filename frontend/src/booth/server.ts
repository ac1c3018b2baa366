/** What the booth asks of the service. Nothing counts as done before the service has said so in JSON. */

import { codeSignature } from "../belenios/credential.ts";
import type { Config } from "./config.ts";

/** Why something is refused: the CODE of the service, or what stands in the way of its answer. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly answer: Readonly<Record<string, unknown>> = {},
  ) {
    super(code);
  }
}

export interface Door {
  /** The urns on whose lists the code stands. */
  readonly urns: readonly string[];
  /** Those of them that hold a ballot of this code already. */
  readonly voted: readonly string[];
  readonly factor: { readonly sent_to: string } | null;
}

/** What the service says of a ballot that it has put into the archive. */
export interface Receipt {
  readonly tracking: string;
  readonly sha256: string;
  readonly height: number;
  readonly event: string;
  readonly replaces: boolean;
}

/**
 * Shows the public credentials, by urn, at the door. Where a one-time number is to be sent, a signature shows that they
 * are not just read off the public list. Throws Refusal.
 */
export async function knock(
  config: Config, credentials: Readonly<Record<string, string>>, code: string,
): Promise<Door> {
  const { nonce } = config;
  const [uuid] = Object.keys(credentials);
  const proof = nonce === "" || uuid === undefined ? {} : { uuid, nonce, signature: codeSignature(uuid, code, nonce) };
  const answer = await ask(config, config.urls.door, JSON.stringify({ credentials, proof }));
  const { urns, voted, factor } = answer;
  if (!isTexts(urns) || !isTexts(voted)) throw new Refusal("no-answer");
  const sentTo = isRecord(factor) && typeof factor["sent_to"] === "string" ? factor["sent_to"] : "";
  return { urns, voted, factor: factor ? { sent_to: sentTo } : null };
}

/** Gives the code of the second factor; the token with which ballots are cast comes back. Throws Refusal. */
export async function giveFactor(
  config: Config, credentials: Readonly<Record<string, string>>, code: string,
): Promise<string> {
  const { token } = await ask(config, config.urls.factor, JSON.stringify({ credentials, code }));
  if (typeof token !== "string") throw new Refusal("no-answer");
  return token;
}

/**
 * Casts a ballot: exactly these bytes. The same bytes may be sent again; that the ballot is there already is success.
 *
 * Throws Refusal.
 */
export async function cast(config: Config, uuid: string, ballot: string, token: string): Promise<Receipt> {
  const url = config.urls.cast.replaceAll("UUID", uuid);
  try {
    const answer = receiptIn(await ask(config, url, ballot, token === "" ? {} : { "X-Door-Token": token }));
    if (answer === null) throw new Refusal("no-answer");
    return answer;
  } catch (error) {
    const there = error instanceof Refusal && error.code === "already-cast" ? receiptIn(error.answer) : null;
    if (there === null) throw error;
    return there;
  }
}

function receiptIn(answer: Readonly<Record<string, unknown>>): Receipt | null {
  const { tracking, sha256, height, event, replaces } = answer;
  const right =
    typeof tracking === "string" && typeof sha256 === "string" && typeof event === "string" && Number.isInteger(height);
  return right ? { tracking, sha256, event, height: height as number, replaces: replaces === true } : null;
}

/** How long an answer may take. The same bytes can be sent again after it. */
const PATIENCE = 30_000;

async function ask(
  config: Config, url: string, body: string, more: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, unknown>>> {
  const headers: Record<string, string> = { Accept: "application/json", "Content-Type": "application/json", ...more };
  if (config.csrf !== "") headers["X-CSRFToken"] = config.csrf;
  let response: Response;
  let data: unknown;
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    // A redirect would end at some other page, whose 200 looks like success.
    const rest = { redirect: "manual", credentials: "same-origin", cache: "no-store", referrerPolicy: "no-referrer" };
    response = await fetch(url, { method: "POST", headers, body, signal, ...rest } as RequestInit);
    data = await response.json();
  } catch {
    throw new Refusal("network");
  }
  if (!isRecord(data)) throw new Refusal("no-answer");
  if (response.ok) return data;
  throw new Refusal(typeof data["error"] === "string" ? data["error"] : "no-answer", data);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
