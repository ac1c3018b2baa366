/** The signing page: shows what is to be signed, and signs it with a key file that is opened for that moment alone. */

import { utf8 } from "../keyfile/bytes.ts";
import { fingerprint, registration } from "../keyfile/keyfile.ts";
import type { SigningKey } from "../keyfile/keyfile.ts";
import type { Child } from "../page/dom.ts";
import { el, fill, focus } from "../page/dom.ts";
import type { Language } from "../page/language.ts";
import { languageOf, languageSwitch, say } from "../page/language.ts";
import { ServerError, get, post } from "../page/server.ts";
import type { Document, Read } from "./documents.ts";
import { documentsOf, read } from "./documents.ts";
import type { Voice } from "./forms.ts";
import { makeForm, openForm } from "./forms.ts";
import { manifestPaper, rosterPaper, shortHash } from "./lists.ts";
import { protocolPaper } from "./paper.ts";
import { WORDS } from "./words.ts";
import type { Words } from "./words.ts";

export interface Config {
  readonly csrf: string;
  readonly language?: string;
  readonly me: { readonly name: string; readonly key: string };
  readonly urls: { readonly register: string; readonly state: string; readonly submit: string };
}

function anchor(document: Document): string {
  return `paper-${document.sha256.slice(0, 12)}`;
}

export class SigningPage {
  private language: Language;
  private key: string;
  private documents: readonly Document[] | null = null;
  private readonly marked = new Set<string>();
  private readonly top = el("div");
  private readonly heading = el("h1", { tabindex: -1 });
  private readonly problem = el("p", { role: "alert", class: "problem" });
  private readonly status = el("p", { role: "status", class: "status" });
  private readonly content = el("div");
  private readonly voice: Voice = {
    tell: (text) => (this.status.textContent = text),
    complain: (text) => (this.problem.textContent = text),
  };

  constructor(
    private readonly root: HTMLElement,
    private readonly config: Config,
  ) {
    this.language = languageOf(config.language ?? document.documentElement.lang);
    this.key = config.me.key;
  }

  private get words(): Words {
    return WORDS[this.language];
  }

  start(): void {
    fill(this.root, this.top, this.heading, this.problem, this.status, this.content);
    this.render();
    void this.refresh();
  }

  private async refresh(): Promise<void> {
    try {
      this.documents = documentsOf(await get(this.config.urls.state));
    } catch (error) {
      return this.fail(error);
    }
    this.render();
  }

  private fail(error: unknown): void {
    const { words } = this;
    this.voice.tell("");
    if (!(error instanceof ServerError)) return this.voice.complain(say(words.refused, { message: String(error) }));
    const said = error.reason === "refused" ? say(words.refused, { message: error.message }) : words[error.reason];
    this.voice.complain(said);
  }

  // What is shown

  private render(): void {
    const { words } = this;
    document.documentElement.lang = this.language;
    fill(this.top, languageSwitch(this.language, (language) => this.speak(language)));
    fill(this.heading, words.title);
    fill(this.content, ...(this.key === "" ? this.registering() : this.signing()));
  }

  private speak(language: Language): void {
    this.language = language;
    this.voice.tell("");
    this.voice.complain("");
    this.render();
    this.root.querySelector<HTMLElement>('.languages [aria-pressed="true"]')?.focus();
  }

  private registering(): Child[] {
    const { words } = this;
    const { name } = this.config.me;
    return [
      el("h2", {}, words.noKeyTitle), el("p", {}, words.noKeyText),
      el(
        "section", { class: "act" }, el("h3", {}, words.makeTitle), el("p", {}, words.makeText),
        makeForm(words, name, this.voice),
      ),
      el(
        "section", { class: "act" }, el("h3", {}, words.registerTitle), el("p", {}, words.registerText),
        openForm(words, name, words.register, this.voice, () => true, (key) => this.register(key)),
      ),
    ];
  }

  private signing(): Child[] {
    const { words, documents } = this;
    const own = el("p", { class: "muted" }, `${words.yourKey} `, el("code", {}, shortHash(fingerprint(this.key), 16)));
    if (documents === null) return [el("p", { class: "muted" }, words.loading), own];
    const waiting = documents.filter((document) => !document.signed);
    const hashes = new Set(waiting.map((document) => document.sha256));
    for (const hash of this.marked) if (!hashes.has(hash)) this.marked.delete(hash);
    const signed = documents.filter((document) => document.signed).map((document) => this.paper(document));
    const done = signed.length === 0 ? [] : [el("h2", {}, say(words.signedTitle, { count: signed.length })), ...signed];
    const renew = el("details", {}, el("summary", {}, words.newKey), el("p", {}, words.newKeyText));
    renew.append(el("button", { type: "button", class: "quiet", click: () => this.renew() }, words.makeTitle));
    if (waiting.length === 0) return [el("h2", {}, words.nothing), ...done, own, renew];
    const ready = () => {
      if (this.marked.size === 0) this.voice.complain(words.chooseFirst);
      return this.marked.size > 0;
    };
    return [
      el("h2", {}, say(words.documentsTitle, { count: waiting.length })), el("p", {}, words.documentsText),
      this.contents(waiting), ...waiting.map((document) => this.paper(document)),
      el(
        "section", { class: "act", id: "sign" }, el("h2", {}, words.signTitle),
        el("p", { class: "count" }, say(words.signCount, { count: this.marked.size })),
        openForm(words, this.config.me.name, words.sign, this.voice, ready, (key) => this.sign(key)),
      ),
      ...done, own, renew,
    ];
  }

  /** The way to each paper, and to where they are signed: with several of them the page is long. */
  private contents(waiting: readonly Document[]): Child {
    if (waiting.length < 2) return null;
    const links = waiting.map((one) => el("li", {}, el("a", { href: `#${anchor(one)}` }, one.title)));
    const sign = el("li", {}, el("a", { href: "#sign" }, this.words.signTitle));
    return el("ol", { class: "contents" }, ...links, sign);
  }

  private paper(document: Document): HTMLElement {
    const { words } = this;
    const found = read(document);
    const exact = el("details", {}, el("summary", {}, words.exact), el("pre", { tabindex: 0 }, document.text));
    const link = document.paper === "" ? null : el("a", { href: document.paper }, words.pdf);
    const wrong = "wrong" in found;
    const hash = el("code", {}, shortHash(document.sha256, 16));
    const foot = [
      el("p", { class: "hash" }, `${words.hash} `, hash, wrong ? null : ` · ${words.hashChecked}`),
      el("p", {}, link), exact,
    ];
    const why = { hash: words.wrongHash, form: words.wrongForm };
    const body = wrong ? el("p", { class: "finding" }, why[found.wrong]) : this.shown(document, found);
    const title = el("h3", { class: "title" }, document.title);
    const classes = document.signed ? "document signed" : "document";
    const about = { class: classes, id: anchor(document), "aria-label": document.title };
    if (document.signed) {
      // Read and signed: its name is enough, and the paper opens under it.
      const tag = el("span", { class: "tag el" }, `✓ ${words.signedAlready}`);
      return el("article", about, el("details", {}, el("summary", {}, title, " ", tag), body, ...foot));
    }
    return el("article", about, title, body, ...foot, wrong ? null : this.mark(document));
  }

  private shown(document: Document, { lines }: Exclude<Read, { wrong: string }>): Child {
    const [first] = lines;
    if (document.kind === "roster") return rosterPaper(lines, this.words);
    if (document.kind === "manifest") return manifestPaper(first, this.words, this.language);
    return first ? protocolPaper(first, this.words, this.language) : null;
  }

  private mark(document: Document): HTMLElement {
    const box = el("input", {
      type: "checkbox",
      checked: this.marked.has(document.sha256),
      change: () => {
        if (box.checked) this.marked.add(document.sha256);
        else this.marked.delete(document.sha256);
        const count = this.content.querySelector(".count");
        if (count) count.textContent = say(this.words.signCount, { count: this.marked.size });
      },
    });
    return el("label", { class: "mark" }, box, el("span", {}, this.words.marked));
  }

  // What is done

  private renew(): void {
    this.key = "";
    this.render();
    focus(this.heading);
  }

  private async register(key: SigningKey): Promise<void> {
    try {
      const { urls, csrf, me } = this.config;
      const answer = (await post(urls.register, csrf, registration(key, me.name))) as { accepted?: unknown } | null;
      if (answer?.accepted === false) throw new ServerError("refused", "", this.words.notConfirmed);
    } catch (error) {
      return this.fail(error);
    }
    this.key = key.key;
    await this.refresh();
    this.voice.tell(say(this.words.registered, { fingerprint: shortHash(fingerprint(key.key), 16) }));
    focus(this.heading);
  }

  private async sign(key: SigningKey): Promise<void> {
    const { words } = this;
    if (key.key !== this.key) return this.voice.complain(words.problems.otherKey);
    const chosen = (this.documents ?? []).filter((item) => this.marked.has(item.sha256) && !("wrong" in read(item)));
    const signatures = chosen.map((item) => ({ sha256: item.sha256, signature: key.sign(utf8(item.text)) }));
    try {
      const { urls, csrf } = this.config;
      const answer = (await post(urls.submit, csrf, { key: key.key, signatures })) as { accepted?: unknown } | null;
      this.documents = documentsOf(await get(urls.state));
      const signed = new Set(this.documents.filter((item) => item.signed).map((item) => item.sha256));
      const all = chosen.every((item) => signed.has(item.sha256));
      if (answer?.accepted !== chosen.length || !all) throw new ServerError("refused", "", words.notConfirmed);
    } catch (error) {
      this.render();
      return this.fail(error);
    }
    this.render();
    this.voice.complain("");
    this.voice.tell(say(words.signed, { count: chosen.length }));
    focus(this.heading);
  }
}
