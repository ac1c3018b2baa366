/**
 * What stands in the middle of the trustee's page at each point: a heading, sentences, and the one thing to do next.
 */

import type { Child } from "../page/dom.ts";
import { el } from "../page/dom.ts";
import { say } from "../page/language.ts";
import { keyForm } from "./keyform.ts";
import type { Uses } from "./keyform.ts";
import { grouped } from "./sheet.ts";
import type { State, Step, Urn } from "./state.ts";
import type { Words } from "./words.ts";

/** What the views need to be told. */
export interface Shown {
  readonly words: Words;
  readonly state: State;
}

function act(label: string, click: () => void, kind = ""): HTMLButtonElement {
  return el("button", { type: "button", class: kind || null, click }, label);
}

function title(text: string): HTMLHeadingElement {
  return el("h1", { tabindex: -1 }, text);
}

/** Before there is a key: what a trustee does, and what a lost key costs. */
export function explainView({ words, state }: Shown, make: () => void, have: () => void): Child[] {
  const all = state.context === null;
  const values = { threshold: state.threshold, count: state.names.length };
  return [
    title(words.title),
    el("p", {}, say(all ? words.whatForAll : words.whatFor, values)),
    el("p", {}, words.whatIs),
    el("h2", {}, words.lostTitle),
    el("p", { class: "finding" }, say(all ? words.lostAll : words.lost, values)),
    el("h2", {}, words.todo),
    el("ol", { class: "plain" }, ...words.todoList.map((item) => el("li", {}, item))),
    el("div", { class: "row" }, act(words.make, make), act(words.have, have, "quiet")),
  ];
}

/** A new key: it is to be kept before anything else. */
export interface NewKey {
  readonly key: string;
  readonly save: () => void;
  readonly print: () => void;
  readonly shown: () => void;
  readonly go: () => void;
}

export function keepView({ words }: Shown, made: NewKey): Child[] {
  const details = el("details", {}, el("summary", {}, words.show), grouped(made.key));
  details.addEventListener("toggle", () => details.open && made.shown());
  return [
    title(words.keepTitle),
    el("p", {}, words.keep),
    el("div", { class: "row" }, act(words.saveFile, made.save), act(words.printPage, made.print)),
    details,
    el("div", { class: "row next" }, act(words.kept, made.go, "quiet")),
  ];
}

/** The new key is to be loaded back from where it was kept. */
export function checkView({ words }: Shown, uses: Uses, back: () => void): Child[] {
  return [
    title(words.checkTitle), el("p", {}, words.check), keyForm(words, uses, act(words.showAgain, back, "quiet")),
  ];
}

/** A key that was made before is to be loaded. */
export function loadView(
  { words }: Shown,
  why: keyof Words["loadWhy"],
  uses: Uses,
  back: (() => void) | null,
): Child[] {
  const extra = back ? [act(words.back, back, "quiet")] : [];
  return [title(words.loadTitle), el("p", {}, `${words.loadWhy[why]} ${words.load}`), keyForm(words, uses, ...extra)];
}

/** A step is being done by the page itself. */
export function workingView({ words }: Shown, step: Step): Child[] {
  const said = words.working[step];
  return [title(words.ceremonyTitle), el("p", {}, said), el("progress", { "aria-label": said })];
}

/** Something failed; the person decides to try again. */
export function failedView({ words }: Shown, again: () => void): Child[] {
  return [title(words.ceremonyTitle), el("div", { class: "row" }, act(words.again, again))];
}

/** The others are waited for. */
export function waitingView({ words }: Shown, putAway: (() => void) | null): Child[] {
  return [title(words.ceremonyTitle), el("p", {}, words.waiting), ...loaded(words, putAway)];
}

/** All is done, as far as one can see. */
export function completeView({ words, state }: Shown): Child[] {
  const urns = state.urns.length > 0;
  return [title(urns ? words.waitUrns : words.complete), el("p", {}, words.completeText)];
}

/** The key is loaded, and urns wait for it. */
export function turnView({ words }: Shown, urns: readonly Urn[], turn: () => void, putAway: () => void): Child[] {
  return [
    title(turnTitle(words, urns)),
    ...turnText(words, urns),
    el("div", { class: "row" }, act(words.turn, turn), act(words.putAway, putAway, "quiet")),
    el("p", { class: "muted" }, words.inMemory),
  ];
}

/** Urns wait for the key, which is to be loaded. */
export function urnsView({ words }: Shown, urns: readonly Urn[], uses: Uses): Child[] {
  return [
    title(turnTitle(words, urns)), ...turnText(words, urns),
    el("h2", {}, words.loadTitle), el("p", {}, words.load), keyForm(words, uses),
  ];
}

/** The key is being turned. */
export function turningView({ words }: Shown, urns: readonly Urn[], bar: HTMLProgressElement): Child[] {
  bar.setAttribute("aria-label", words.proof);
  return [title(turnTitle(words, urns)), el("p", {}, words.proof), bar];
}

/** The session is over. */
export function sessionView(words: Words, again: () => void): Child[] {
  return [title(words.signIn), el("div", { class: "row" }, act(words.signIn, again))];
}

function turnTitle(words: Words, urns: readonly Urn[]): string {
  const rehearsal = urns.every((urn) => urn.rehearsal);
  return rehearsal ? words.turnTitleRehearsal : say(words.turnTitle, { count: urns.length });
}

function turnText(words: Words, urns: readonly Urn[]): Child[] {
  const rehearsal = urns.every((urn) => urn.rehearsal);
  return [
    el("p", {}, rehearsal ? words.rehearsalText : words.turnText),
    rehearsal ? null : el("details", {}, el("summary", {}, words.auditTitle), el("p", {}, words.audit)),
  ];
}

function loaded(words: Words, putAway: (() => void) | null): Child[] {
  if (!putAway) return [];
  const away = act(words.putAway, putAway, "quiet");
  return [el("p", { class: "muted" }, words.inMemory), el("div", { class: "row" }, away)];
}
