/**
 * What the election's service gives the authority (suffrage-authority/1): the urns, and who is to get a code for
 * which.
 */

import { isUuid } from "../belenios/credential.ts";

export const FORMAT = "suffrage-authority/1";

export interface Urn {
  readonly uuid: string;
  readonly contest: string;
  readonly unit: string;
  /** 1 or 2; 3 is kept for a new election. */
  readonly ballot: number;
}

export interface Elector {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly address: readonly string[];
  readonly language: string;
  readonly unit: string;
  readonly urns: readonly string[];
}

export interface Head {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly language: string;
  readonly url: string;
  readonly opens: string;
  readonly closes: string;
  readonly time_zone: string;
  readonly contact: string;
  readonly second_factor: boolean;
}

export interface Order {
  readonly election: Head;
  readonly urns: readonly Urn[];
  readonly electors: readonly Elector[];
}

/** A file is no order: `place` says where, `expected` what should stand there. */
export class OrderError extends Error {
  constructor(
    readonly place: string,
    readonly expected: string,
  ) {
    super(`${place}: ${expected} expected`);
  }
}

type Data = Record<string, unknown>;

/** Reads an order. Throws OrderError with the first thing that is not as it should be. */
export function parseOrder(text: string): Order {
  let file: Data;
  try {
    file = object(JSON.parse(text), "authority.json");
  } catch (error) {
    throw error instanceof OrderError ? error : new OrderError("authority.json", "JSON");
  }
  if (file["format"] !== FORMAT) throw new OrderError("format", FORMAT);
  const election = headOf(object(file["election"], "election"));
  const urns = list(file["urns"], "urns").map(urnOf);
  const known = distinct(urns.map((urn) => urn.uuid), "urns");
  const electors = list(file["electors"], "electors").map((item, at) => electorOf(item, at, known));
  distinct(electors.map((elector) => elector.id), "electors");
  return { election, urns, electors };
}

/** The electors who have something to vote on. */
export function entitled(order: Order): readonly Elector[] {
  return order.electors.filter((elector) => elector.urns.length > 0);
}

/** What an elector votes on, once each, in the order of the urns. */
export function contestsOf(order: Order, elector: Elector): readonly Urn[] {
  const found = new Map<string, Urn>();
  for (const urn of order.urns) {
    const key = JSON.stringify([urn.contest, urn.unit]);
    if (elector.urns.includes(urn.uuid) && !found.has(key)) found.set(key, urn);
  }
  return [...found.values()];
}

function headOf(head: Data): Head {
  const url = text(head["url"], "election.url");
  if (!/^https?:\/\/[\x21-\x7e]+$/.test(url)) throw new OrderError("election.url", "https://…");
  const [opens, closes] = ["opens", "closes"].map((name) => {
    const moment = text(head[name], `election.${name}`);
    if (Number.isNaN(Date.parse(moment))) throw new OrderError(`election.${name}`, "ISO 8601");
    return moment;
  }) as [string, string];
  if (Date.parse(opens) >= Date.parse(closes)) throw new OrderError("election.closes", "> election.opens");
  const zone = optional(head["time_zone"], "election.time_zone") || "UTC";
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
  } catch {
    throw new OrderError("election.time_zone", "Europe/Paris, …");
  }
  const kind = text(head["kind"], "election.kind");
  if (!["real", "rehearsal", "demo"].includes(kind)) throw new OrderError("election.kind", "real, rehearsal, demo");
  return {
    id: text(head["id"], "election.id"),
    title: text(head["title"], "election.title"),
    kind, url, opens, closes,
    language: optional(head["language"], "election.language") || "en",
    time_zone: zone,
    contact: optional(head["contact"], "election.contact"),
    second_factor: head["second_factor"] === true,
  };
}

function urnOf(item: unknown, at: number): Urn {
  const place = `urns[${at}]`;
  const urn = object(item, place);
  const uuid = text(urn["uuid"], `${place}.uuid`);
  if (!isUuid(uuid)) throw new OrderError(`${place}.uuid`, "Base58");
  const ballot = urn["ballot"];
  if (ballot !== 1 && ballot !== 2 && ballot !== 3) throw new OrderError(`${place}.ballot`, "1, 2, 3");
  const unit = optional(urn["unit"], `${place}.unit`);
  return { uuid, ballot, contest: text(urn["contest"], `${place}.contest`), unit };
}

function electorOf(item: unknown, at: number, urns: ReadonlySet<string>): Elector {
  const place = `electors[${at}]`;
  const elector = object(item, place);
  const own = list(elector["urns"] ?? [], `${place}.urns`, 0).map((uuid) => text(uuid, `${place}.urns`));
  distinct(own, `${place}.urns`);
  if (!own.every((uuid) => urns.has(uuid))) throw new OrderError(`${place}.urns`, "urns");
  return {
    id: text(elector["id"], `${place}.id`),
    name: text(elector["name"], `${place}.name`),
    email: optional(elector["email"], `${place}.email`),
    address: list(elector["address"] ?? [], `${place}.address`, 0).map((line) => optional(line, `${place}.address`)),
    language: optional(elector["language"], `${place}.language`),
    unit: optional(elector["unit"], `${place}.unit`),
    urns: own,
  };
}

function object(value: unknown, place: string): Data {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new OrderError(place, "{…}");
  return value as Data;
}

function list(value: unknown, place: string, least = 1): unknown[] {
  if (!Array.isArray(value) || value.length < least) throw new OrderError(place, "[…]");
  return value;
}

function text(value: unknown, place: string): string {
  if (typeof value !== "string" || value === "") throw new OrderError(place, "text");
  return value;
}

function optional(value: unknown, place: string): string {
  return value === undefined || value === "" ? "" : text(value, place);
}

function distinct(values: readonly string[], place: string): Set<string> {
  const found = new Set(values);
  if (found.size < values.length) throw new OrderError(place, "≠");
  return found;
}
