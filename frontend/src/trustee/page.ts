/**
 * The trustee's page: asks the service where things stand, shows the one thing to do next, and keeps the key in
 * memory only as long as a step needs it. Every step counts from the service's answer alone.
 */

import { BeleniosError } from "../belenios/error.ts";
import { Seed } from "../belenios/trustee/seed.ts";
import type { Child } from "../page/dom.ts";
import { breathe, el, fill, focus } from "../page/dom.ts";
import type { Language } from "../page/language.ts";
import { languageOf, languageSwitch, say } from "../page/language.ts";
import { ServerError, get, post } from "../page/server.ts";
import type { Uses } from "./keyform.ts";
import { Making } from "./making.ts";
import { banner, overview, stepsList } from "./overview.ts";
import { arrivedSentence, complaint } from "./sentences.ts";
import type { Config, State, Step, Urn } from "./state.ts";
import { dueStep, hasDone, isFirst, pendingUrns, stateOf, stepOf } from "./state.ts";
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

export class TrusteePage {
  private language: Language;
  private state: State | null = null;
  private seed: Seed | null = null;
  private made: Making | null = null;
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
      if (this.made?.atRisk) event.preventDefault();
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
    if (this.made) return this.made.view;
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
      case "keep":
      case "check": return this.made?.content(shown, this.language) ?? [];
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
    return arrivedSentence(words, state);
  }

  // What is shown

  private render(): void {
    const { words, state } = this;
    const view = this.view();
    document.documentElement.lang = this.language;
    fill(this.steps, stepsList(words, state, this.made !== null));
    fill(this.overview, state && !this.over ? overview(words, state, this.config, this.language) : null);
    this.tell(this.sentence(view));
    const urns = state ? pendingUrns(state).map((urn) => urn.uuid) : [];
    const key = [view, this.language, Boolean(this.seed), ...urns].join();
    if (key === this.shown) return;
    const first = this.shown === "" || this.shown.startsWith("loading");
    this.shown = key;
    fill(this.top, languageSwitch(this.language, (language) => this.speak(language)), banner(words, this.config));
    fill(this.act, ...this.content(view));
    const heading = this.act.querySelector("h1");
    if (heading && !first) focus(heading);
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
    const reason = error instanceof ServerError ? error.reason : "";
    if (reason === "session") {
      this.over = true;
      this.putAway();
    }
    this.complain(complaint(this.words, error), reason);
    this.render();
  }

  // A new key

  private make(): void {
    const { state } = this;
    if (!state) return;
    const seed = Seed.random();
    const file = `${identityOf(state, this.config.trustee, seed)}.key`;
    this.made = new Making(seed, file, this.config, {
      tell: (text) => this.tell(text),
      complain: (text) => this.complain(text),
      render: () => this.render(),
      proved: async (kept) => {
        this.made = null;
        this.seed = kept;
        this.complain("");
        await this.refresh();
      },
    });
    this.complain("");
    this.render();
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
    this.made?.wipe();
    this.seed = this.made = null;
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
