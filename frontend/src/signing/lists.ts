/** Rosters and manifests as readable papers, made of the bytes that are signed. */

import { fingerprint } from "../keyfile/keyfile.ts";
import { el } from "../page/dom.ts";
import { say } from "../page/language.ts";
import type { Data } from "./documents.ts";
import { data, list, text } from "./documents.ts";
import type { Words } from "./words.ts";

/** The first digits of a fingerprint, in groups, as people compare them. */
export function shortHash(hash: string, groups = 4): string {
  return (hash.match(/.{4}/g) ?? []).slice(0, groups).join(" ");
}

/** The members by committee. */
export function rosterPaper([head, ...committees]: readonly Data[], words: Words): HTMLElement {
  const tables = committees.map((committee) => {
    const unit = text(committee["unit"]);
    const rows = list(committee["members"]).map((member) =>
      el(
        "tr", {}, el("th", { scope: "row" }, text(member["name"])),
        el("td", {}, words.roles[text(member["role"]) as keyof Words["roles"]] ?? text(member["role"])),
        el("td", {}, el("code", {}, `${shortHash(fingerprint(text(member["key"])))} …`)),
      ),
    );
    const columns = words.rosterColumns.map((column) => el("th", { scope: "col" }, column));
    return el(
      "section", {}, el("h4", {}, unit === "" ? words.central : unit),
      el("table", {}, el("thead", {}, el("tr", {}, ...columns)), el("tbody", {}, ...rows)),
    );
  });
  const root = fingerprint(text(head?.["root"]));
  return el(
    "div", { class: "protocol" },
    el("h3", { class: "head" }, words.roster),
    el("p", { class: "of" }, text(head?.["election"])),
    el("p", {}, words.root, " ", el("code", {}, shortHash(root, 16))),
    ...tables,
  );
}

/** The files of a bundle with their hashes. */
export function manifestPaper(manifest: Data | undefined, words: Words, language: string): HTMLElement {
  const number = new Intl.NumberFormat(language);
  const files = list(manifest?.["files"]);
  const rows = files.map((file) =>
    el(
      "tr", {}, el("th", { scope: "row" }, text(file["path"]), " ", el("code", {}, shortHash(text(file["sha256"])), " …")),
      el("td", {}, typeof file["size"] === "number" ? number.format(file["size"]) : text(file["size"])),
    ),
  );
  const [file, bytes, hash] = words.manifestColumns;
  // The hash stands under its file: beside it there is no room on a phone.
  const columns = [`${file}, ${hash}`, bytes].map((column) => el("th", { scope: "col" }, column));
  return el(
    "div", { class: "protocol files" },
    el("h3", { class: "head" }, words.manifest),
    el("p", { class: "of" }, text(data(manifest?.["election"])["title"])),
    el("p", {}, say(words.files, { count: number.format(files.length) })),
    el("table", {}, el("thead", {}, el("tr", {}, ...columns)), el("tbody", {}, ...rows)),
  );
}
