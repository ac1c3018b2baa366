/** The receipt of a ballot in the archive, as text. It says nothing of the choice and nothing of the code. */

import { trackingNumber } from "../belenios/fingerprint.ts";
import { sha256Hex } from "../belenios/hash.ts";
import type { Words } from "../words/index.ts";
import type { Config, Urn } from "./config.ts";
import type { Receipt } from "./server.ts";

/** Whether the service's receipt is that of a ballot. */
export function isReceiptOf(receipt: Receipt, ballot: string): boolean {
  return receipt.tracking === trackingNumber(ballot) && receipt.sha256 === sha256Hex(ballot);
}

/** The name of a contest with its unit and chamber, as the paper has it. */
export function contestName(urn: Urn, words: Words): string {
  const parts = [urn.chamber, urn.name, urn.unit].filter((part, at, all) => part !== "" && all.indexOf(part) === at);
  return `${parts.join(", ")} · ${words.ballotName(urn.ballot)}`;
}

/** The lines of a receipt: what each is, and what it says. */
export function receiptLines(config: Config, urn: Urn, receipt: Receipt, words: Words, base: string): [string, string][] {
  const absolute = (url: string): string => new URL(url.replaceAll("UUID", urn.uuid), base).href;
  const names = words.receipt;
  return [
    [names.election, config.election.title],
    [names.contest, contestName(urn, words)],
    [names.tracking, receipt.tracking],
    [names.sha256, receipt.sha256],
    [names.urn, urn.uuid],
    [names.height, String(receipt.height)],
    [names.event, receipt.event],
    [names.find, absolute(config.urls.home)],
    [names.archive, absolute(config.urls.archive)],
  ];
}

/** The receipt as a text to keep. */
export function receiptText(lines: readonly [string, string][], words: Words): string {
  return [words.receipt.name, ...lines.map(([name, value]) => `${name}: ${value}`), ""].join("\n");
}

/** What the square code holds: short enough for any phone. */
export function receiptCode(config: Config, urn: Urn, receipt: Receipt, base: string): string {
  return [new URL(config.urls.home, base).href, urn.uuid, receipt.tracking].join("\n");
}
