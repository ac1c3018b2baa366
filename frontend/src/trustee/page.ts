/**
 * The trustee's page: asks the service where things stand, shows the one thing to do next, and keeps the key in memory only
 * as long as a step needs it. Every step counts from the service's answer alone.
 */

import { BeleniosError } from "../belenios/error.ts";
import { Seed } from "../belenios/trustee/seed.ts";
import type { Child } from "../page/dom.ts";
import { breathe, el, fill, focus } from "../page/dom.ts";
import { save } from "../page/files.ts";
import type { Language } from "../page/language.ts";
import { languageOf, languageSwitch, say } from "../page/language.ts";
import { ServerError, get, post } from "../page/server.ts";
import type { Uses } from "./keyform.ts";
import { keysGrid, stepsList, urnsTable } from "./overview.ts";
import { sheet } from "./sheet.ts";
import type { Config, State, Step, Urn } from "./state.ts";
import { doneBy, dueStep, hasDone, isFirst, pendingUrns, stateOf, stepOf } from "./state.ts";
import { turn } from "./turning.ts";
import * as views from "./views.ts";
import { WORDS } from "./words.ts";
import type { Words } from "./words.ts";
import { identityOf, recordOf, strangerOf } from "./work.ts";

/** How often the service is asked, in milliseconds, where it does not say. */
const PAUSE = 3000;

type View =
  | "loading" | "session" | "explain" | "keep" | "check" | "early" | "ceremony" | "working" | "failed" | "waiting"
  | "complete" | "urns" | "turn" | "turning";

/** A key that was made on this page and is not yet proved to be kept. */
interface Made {
  readonly seed: Seed;
  readonly file: string;
  kept: boolean;
  checking: boolean;
}

export class TrusteePage {
  private language: Language;
  private state: State | null = null;
  private seed: Seed | null = null;
  private made: Made | null = null;
  private early = false;
  private over = false;
  private busy: "working" | "turning" | null = null;
  private failed = false;
  private shown = "";
  private said = "";
  private turned = 0;
  private readonly bar = el("progress", { max: 1 });
  private readonly top = el("div");
  private readonly steps = el("div");
  private readonly problem = el("p", { role: "alert", id: "problem", class: "problem" });
  private readonly act = el("section", { class: "act" });
  private readonly status = el("p", { role: "status", class: "status" });
  private readonly overview = el("section", { class: "overview" });

  constructor(
    private readonly root: HTMLElement,
    private readonly config: Config,
  ) {
    this.language = languageOf(config.election.language);
  }

  private get words(): Words {
    return WORDS[this.language];
  }

  /** Shows the page, and asks the service from now on. */
  start(): void {
    fill(this.root, this.top, this.steps, this.problem, this.act, this.status, this.overview);
    this.render();
    window.addEventListener("beforeunload", (event) => {
      if (this.made && !this.made.kept) event.preventDefault();
    });
    void this.watch();
  }

  private async watch(): Promise<void> {
    while (!this.over) {
      if (this.busy === null) await this.refresh();
      await new Promise((resolve) => setTimeout(resolve, this.config.pause ?? PAUSE));
    }
  }

  /** Asks where things stand, and does what is due. Says whether there was an answer. */
  private async refresh(): Promise<boolean> {
    try {
      this.state = stateOf(await get(this.config.urls.state));
    } catch (error) {
      this.fail(error);
      return false;
    }
    if (this.said === "network") this.complain("");
    this.render();
    if (this.view() === "working" && this.busy === null) void this.step();
    return true;
  }

  // What is due

  private view(): View {
    const { state } = this;
    if (this.over) return "session";
    if (!state) return "loading";
    if (this.made) return this.made.checking ? "check" : "keep";
    if (this.busy) return this.busy;
    const due = dueStep(state);
    if (due !== null) {
      if (this.failed) return "failed";
      if (this.seed) return "working";
      return isFirst(due) ? (this.early ? "early" : "explain") : "ceremony";
    }
    if (stepOf(state) !== null) return "waiting";
    if (pendingUrns(state).length === 0) return "complete";
    return this.seed ? "turn" : "urns";
  }

  private content(view: View): Child[] {
    const { words, state } = this;
    if (view === "session") return views.sessionView(words, () => location.reload());
    if (!state) return [el("p", { class: "muted" }, words.loading)];
    const shown = { words, state };
    const urns = pendingUrns(state);
    const putAway = () => this.putAway();
    switch (view) {
      case "explain": return views.explainView(shown, () => this.make(), () => this.setEarly(true));
      case "early": return views.loadView(shown, "early", this.uses(), () => this.setEarly(false));
      case "ceremony": return views.loadView(shown, "ceremony", this.uses(), null);
      case "keep": return this.keeping(shown);
      case "check": return views.checkView(shown, this.checks(), () => this.check(false));
      case "working": return views.workingView(shown, dueStep(state) ?? "certificate");
      case "failed": return views.failedView(shown, () => this.retry());
      case "waiting": return views.waitingView(shown, this.seed ? putAway : null);
      case "complete": return views.completeView(shown);
      case "urns": return views.urnsView(shown, urns, this.uses());
      case "turn": return views.turnView(shown, urns, () => void this.turn(), putAway);
      case "turning": return views.turningView(shown, urns, this.bar);
      default: return [];
    }
  }

  private sentence(view: View): string {
    const { words, state } = this;
    // What an act has just said stays until something else is to be said.
    if (this.busy || view === "keep") return this.status.textContent ?? "";
    if (!state || view === "session") return "";
    if (view === "turn") return words.ready;
    if (view === "complete" && this.turned > 0) return say(words.turnedAll, { count: this.turned });
    const step = stepOf(state);
    if (step === null || !hasDone(state, step)) return "";
    return say(words.arrived[step], { done: doneBy(state, step).length, count: state.names.length });
  }

  // What is shown

  private render(): void {
    const { words, state } = this;
    const view = this.view();
    document.documentElement.lang = this.language;
    fill(this.steps, stepsList(words, state, this.made !== null));
    fill(this.overview, ...this.table());
    this.tell(this.sentence(view));
    const urns = state ? pendingUrns(state).map((urn) => urn.uuid) : [];
    const key = [view, this.language, Boolean(this.seed), ...urns].join();
    if (key === this.shown) return;
    const first = this.shown === "" || this.shown.startsWith("loading");
    this.shown = key;
    fill(this.top, languageSwitch(this.language, (language) => this.speak(language)), this.banner());
    fill(this.act, ...this.content(view));
    const heading = this.act.querySelector("h1");
    if (heading && !first) focus(heading);
  }

  private banner(): HTMLElement | null {
    const { kind } = this.config.election;
    if (kind !== "rehearsal" && kind !== "demo") return null;
    return el("p", { class: "banner" }, this.words.kinds[kind]);
  }

  private table(): Child[] {
    if (!this.state || this.over) return [];
    const { phase, urns } = this.state;
    if (phase === "ready" && urns.length > 0) return [urnsTable(this.words, this.state, this.language)];
    return [keysGrid(this.words, this.state, this.config)];
  }

  private speak(language: Language): void {
    this.language = language;
    this.complain("");
    this.render();
    this.root.querySelector<HTMLElement>('.languages [aria-pressed="true"]')?.focus();
  }

  private tell(text: string): void {
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  private complain(text: string, what = ""): void {
    this.said = what;
    this.problem.textContent = text;
  }

  /** Shows why something did not happen. */
  private fail(error: unknown): void {
    const { words } = this;
    if (error instanceof ServerError && error.reason === "session") {
      this.over = true;
      this.putAway();
      this.complain(words.session);
    } else if (error instanceof ServerError && error.reason === "network") {
      this.complain(words.network, "network");
    } else if (error instanceof ServerError) {
      this.complain(say(words.refused, { message: error.message }));
    } else {
      this.complain(say(words.failed, { message: error instanceof Error ? error.message : String(error) }));
    }
    this.render();
  }

  // A new key

  private make(): void {
    const { state } = this;
    if (!state) return;
    const seed = Seed.random();
    this.made = { seed, file: `${identityOf(state, this.config.trustee, seed)}.key`, kept: false, checking: false };
    this.complain("");
    this.render();
  }

  private keeping(shown: views.Shown): Child[] {
    const made = this.made as Made;
    const key = made.seed.expose();
    const keep = (act: () => void) => () => {
      act();
      made.kept = true;
      this.complain("");
    };
    this.showSheet(sheet(shown.words, this.config, key, made.file, this.language));
    return views.keepView(shown, {
      key,
      save: keep(() => {
        save(made.file, `${key}\n`, "application/octet-stream");
        this.tell(say(shown.words.saved, { file: made.file }));
      }),
      print: keep(() => window.print()),
      shown: keep(() => undefined),
      go: () => (made.kept ? this.check(true) : this.complain(shown.words.keptFirst)),
    });
  }

  /** The printed page is there only while the key is being kept. */
  private showSheet(page: HTMLElement | null): void {
    document.querySelector(".sheet")?.remove();
    document.body.classList.toggle("with-sheet", page !== null);
    if (page) document.body.append(page);
  }

  private check(checking: boolean): void {
    if (this.made) this.made.checking = checking;
    if (checking) this.showSheet(null);
    this.complain("");
    this.render();
  }

  private checks(): Uses {
    const complain = (message: string) => this.complain(message);
    const use = async (seed: Seed) => {
      const made = this.made as Made;
      const right = seed.equals(made.seed);
      seed.wipe();
      if (!right) return complain(say(this.words.checkWrong, { file: made.file }));
      this.made = null;
      this.seed = made.seed;
      this.complain("");
      await this.refresh();
    };
    return { use, complain };
  }

  // A key that is loaded

  private uses(): Uses {
    const complain = (message: string) => this.complain(message);
    const use = async (seed: Seed) => {
      const state = this.state as State;
      this.complain("");
      await breathe();
      try {
        const stranger = strangerOf(state, this.config.trustee, seed);
        if (stranger) {
          seed.wipe();
          const why = say(this.words.why[stranger.why], { name: stranger.name });
          return complain(say(this.words.wrongKey, { why }));
        }
      } catch (error) {
        seed.wipe();
        return this.fail(error);
      }
      this.seed = seed;
      await this.refresh();
    };
    return { use, complain };
  }

  private setEarly(early: boolean): void {
    this.early = early;
    this.complain("");
    this.render();
  }

  private putAway(): void {
    this.seed?.wipe();
    this.made?.seed.wipe();
    this.seed = this.made = null;
    this.showSheet(null);
    this.render();
  }

  private retry(): void {
    this.failed = false;
    this.complain("");
    void this.refresh();
  }

  // What is sent

  private async send(body: object): Promise<void> {
    const answer = (await post(this.config.urls.submit, this.config.csrf, body)) as { accepted?: unknown } | null;
    if (answer?.accepted !== true) throw new ServerError("refused", "", this.words.notConfirmed);
  }

  private async step(): Promise<void> {
    const { state, seed } = this;
    const step = state && dueStep(state);
    if (!state || !seed || !step) return;
    this.busy = "working";
    this.render();
    try {
      await breathe();
      const record = recordOf(step, state, this.config.trustee, seed);
      this.tell(this.words.sending);
      await this.send({ step, record });
      await this.confirmed(step);
      // The share is the last that the ceremony asks of the key.
      if (step === "share" || step === "single") this.putAway();
    } catch (error) {
      // What did not get through is tried again by itself; what was refused only when the person says so.
      this.failed = !(error instanceof ServerError && error.reason === "network");
      this.busy = null;
      return this.fail(error);
    }
    this.busy = null;
    this.early = false;
    await this.refresh();
  }

  /** Holds an accepted step against what the service says when it is asked anew. */
  private async confirmed(step: Step): Promise<void> {
    this.state = stateOf(await get(this.config.urls.state));
    if (!hasDone(this.state, step)) throw new ServerError("refused", "", this.words.notConfirmed);
  }

  private async turn(): Promise<void> {
    const { state, seed, words } = this;
    if (!state || !seed) return;
    const urns = pendingUrns(state);
    this.busy = "turning";
    this.complain("");
    this.render();
    let sent = 0;
    try {
      await turn(
        urns, seed, state.dkey,
        async (urn: Urn, record: string) => {
          await this.send({ step: "partial", urn: urn.uuid, owner: urn.owner, record });
          sent += 1;
        },
        (at, urn, share) => {
          this.bar.value = (at + share) / urns.length;
          this.tell(say(words.turning, { at: at + 1, count: urns.length, name: urn.name }));
        },
      );
      this.turned = sent;
      this.putAway();
    } catch (error) {
      this.busy = null;
      this.fail(error);
      if (!(error instanceof BeleniosError) && !this.over) await this.refresh();
      return;
    }
    this.busy = null;
    await this.refresh();
  }
}
