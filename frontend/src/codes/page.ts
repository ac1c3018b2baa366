/**
 * The offline page of the credential authority: from the list of electors to codes, public lists and letters.
 * Nothing leaves this device but by the files that the person saves and the pages that the person prints.
 */

import { ownerField, passphraseField, withProgress, wrongPassphrase } from "../keyfile/passform.ts";
import { SealedError } from "../keyfile/sealed.ts";
import type { Child } from "../page/dom.ts";
import { el, fill, focus } from "../page/dom.ts";
import { chosen, save } from "../page/files.ts";
import type { Language } from "../page/language.ts";
import { languageOf, languageSwitch, say } from "../page/language.ts";
import type { Codes } from "./codes.ts";
import { codesFile, missing, openCodes, publicLists, withCodesFor } from "./codes.ts";
import { addressDrawing, fit, letter } from "./letter.ts";
import type { Elector, Order } from "./order.ts";
import { OrderError, entitled, parseOrder } from "./order.ts";
import { WORDS } from "./words.ts";
import type { Words } from "./words.ts";

/** How many letters are printed at once. */
const BATCH = 200;
/** The largest file that is read: a list of some hundred thousand electors. */
const LARGEST = 200_000_000;

/**
 * What was made of the list: the codes, and the two files. `codesText` is null where codes.json needs no new saving.
 */
interface Made {
  readonly codes: Codes;
  readonly fresh: number;
  readonly codesText: string | null;
  readonly publicText: string;
}

export class CodesPage {
  private language: Language = languageOf(navigator.language.slice(0, 2));
  private order: Order | null = null;
  private made: Made | null = null;
  private saved = false;
  private readonly top = el("div");
  private readonly heading = el("h1", { tabindex: -1 });
  private readonly problem = el("p", { role: "alert", class: "problem" });
  private readonly status = el("p", { role: "status", class: "status" });
  private readonly content = el("div");

  constructor(private readonly root: HTMLElement) {}

  private get words(): Words {
    return WORDS[this.language];
  }

  start(): void {
    fill(this.root, this.top, this.heading, this.problem, this.status, this.content);
    this.render();
    window.addEventListener("afterprint", () => document.querySelector(".letters")?.remove());
    window.addEventListener("beforeunload", (event) => {
      if (this.made?.codesText && !this.saved) event.preventDefault();
    });
  }

  private tell(text: string): void {
    this.problem.textContent = "";
    this.status.textContent = text;
  }

  private complain(text: string, at?: HTMLElement): void {
    this.status.textContent = "";
    this.problem.textContent = text;
    at?.setAttribute("aria-invalid", "true");
    at?.focus();
  }

  private render(): void {
    const { words, order, made } = this;
    document.documentElement.lang = this.language;
    document.title = words.title;
    const at = !order ? 0 : !made ? 1 : made.codesText !== null && !this.saved ? 2 : 3;
    const steps = words.steps.map((name, step) => el("li", { "aria-current": step === at ? "step" : null }, name));
    const kind = order ? words.kinds[order.election.kind as keyof Words["kinds"]] : "";
    fill(
      this.top, languageSwitch(this.language, (language) => this.speak(language)),
      kind === "" ? null : el("p", { class: "banner" }, kind),
      el("ol", { class: "steps", "aria-label": words.stepsLabel }, ...steps),
    );
    fill(this.heading, words.title);
    fill(this.content, ...(!order ? this.loading() : !made ? this.making(order) : this.finished(order, made)));
  }

  private speak(language: Language): void {
    this.language = language;
    this.tell("");
    this.render();
    this.root.querySelector<HTMLElement>('.languages [aria-pressed="true"]')?.focus();
  }

  private next(): void {
    this.render();
    focus(this.heading);
  }

  // The list

  private loading(): Child[] {
    const { words } = this;
    const file = el("input", { type: "file", id: "order", accept: ".json,application/json" });
    const submit = async (event: Event) => {
      event.preventDefault();
      const text = await chosen(file, LARGEST);
      if (text === null) return this.complain(words.noFile, file);
      try {
        this.order = parseOrder(text);
      } catch (error) {
        if (!(error instanceof OrderError)) throw error;
        return this.complain(say(words.orderWrong, { place: error.place, expected: error.expected }), file);
      }
      this.tell("");
      this.next();
    };
    return [
      el("p", {}, words.intro),
      el(
        "form", { class: "act", novalidate: true, submit: (event) => void submit(event) },
        el("h2", {}, words.orderTitle), el("p", {}, words.orderText),
        el("div", { class: "field" }, el("label", { for: "order" }, words.order), file),
        el("div", { class: "row" }, el("button", { type: "submit" }, words.load)),
      ),
    ];
  }

  private summary(order: Order): Child[] {
    const { words } = this;
    const number = new Intl.NumberFormat(this.language);
    const electors = entitled(order);
    const without = electors.filter((elector) => elector.address.length === 0).length;
    const values = { title: order.election.title, electors: number.format(electors.length), urns: order.urns.length };
    return [
      el("p", {}, say(words.summary, values)),
      without > 0 ? el("p", { class: "muted" }, say(words.withoutAddress, { count: number.format(without) })) : null,
    ];
  }

  // The codes

  private making(order: Order): Child[] {
    const { words } = this;
    return [...this.summary(order), el("h2", {}, words.codesTitle), this.newForm(order), this.openForm(order)];
  }

  private newForm(order: Order): HTMLFormElement {
    const { words } = this;
    const [firstField, first] = passphraseField("new", words.passphrase, true, words.passphraseHint);
    const [secondField, second] = passphraseField("again", words.again, true);
    const button = el("button", { type: "submit" }, words.make);
    const submit = async (event: Event) => {
      event.preventDefault();
      const wrong = wrongPassphrase(first.value, second.value);
      if (wrong !== null) return this.complain(words.problems[wrong], wrong === "short" ? first : second);
      await this.finish(order, new Map(), first.value, button);
    };
    return el(
      "form", { class: "act", novalidate: true, submit: (event) => void submit(event) },
      el("h3", {}, words.newTitle), el("p", {}, words.newText), ownerField(order.election.id), firstField, secondField,
      el("div", { class: "row" }, button),
    );
  }

  private openForm(order: Order): HTMLFormElement {
    const { words } = this;
    const file = el("input", { type: "file", id: "codes-file", accept: ".json,application/json" });
    const [field, passphrase] = passphraseField("passphrase", words.passphrase, false);
    const button = el("button", { type: "submit", class: "quiet" }, words.open);
    const submit = async (event: Event) => {
      event.preventDefault();
      const text = await chosen(file, LARGEST);
      if (text === null) return this.complain(words.noFile, file);
      this.tell(words.opening);
      try {
        const opening = (progress: (done: number) => void) => openCodes(text, passphrase.value, progress);
        const held = await withProgress(button, words.opening, opening);
        if (held.election !== order.election.id) {
          return this.complain(say(words.problems.otherElection, { election: held.election }), file);
        }
        await this.finish(order, held.codes, passphrase.value, button);
      } catch (error) {
        if (!(error instanceof SealedError)) throw error;
        this.complain(words.problems[error.reason], error.reason === "no-file" ? file : passphrase);
      }
    };
    return el(
      "form", { class: "act", novalidate: true, submit: (event) => void submit(event) },
      el("h3", {}, words.openTitle), el("p", {}, words.openText),
      el("div", { class: "field" }, el("label", { for: "codes-file" }, words.codesFile), file),
      ownerField(order.election.id), field, el("div", { class: "row" }, button),
    );
  }

  /** Makes the codes that are missing, seals them anew where there are any, and computes the public lists. */
  private async finish(order: Order, before: Codes, passphrase: string, button: HTMLButtonElement): Promise<void> {
    const { words } = this;
    const fresh = missing(order, before);
    const codes = withCodesFor(order, before);
    let codesText: string | null = null;
    if (fresh > 0) {
      this.tell(words.sealing);
      const seal = (progress: (done: number) => void) => codesFile(order.election.id, codes, passphrase, progress);
      codesText = await withProgress(button, words.sealing, seal);
    }
    this.tell(words.computing);
    const publicText = await withProgress(button, words.computing, (progress) => publicLists(order, codes, progress));
    this.made = { codes, fresh, codesText, publicText };
    this.saved = false;
    this.tell(say(words.made, { count: codes.size, fresh }));
    this.next();
  }

  // The files and the letters

  private finished(order: Order, made: Made): Child[] {
    const { words } = this;
    const due = made.codesText !== null && !this.saved;
    const first = (act: () => void) => () => (due ? this.complain(words.codesFirst) : act());
    const saveCodes = () => {
      save("codes.json", made.codesText ?? "");
      this.saved = true;
      this.render();
      this.tell(words.savedCodes);
      this.root.querySelector<HTMLElement>(".save-public")?.focus();
    };
    const savePublic = () => {
      save("public.json", made.publicText);
      this.tell(words.savedPublic);
    };
    const files = el(
      "section", { class: "act" }, el("h2", {}, words.filesTitle), el("p", {}, words.filesText),
      el(
        "div", { class: "row" },
        made.codesText === null ? null : button(words.saveCodes, saveCodes, due ? "" : "quiet"),
        button(words.savePublic, first(savePublic), due ? "quiet save-public" : "save-public"),
      ),
    );
    return [
      ...this.summary(order), files, this.letters(order, made.codes, first),
      el("div", { class: "row" }, button(words.close, () => this.close(), "quiet")),
    ];
  }

  private letters(order: Order, codes: Codes, first: (act: () => void) => () => void): HTMLElement {
    const { words } = this;
    const electors = entitled(order);
    const batches = Array.from({ length: Math.ceil(electors.length / BATCH) }, (_, at) => at * BATCH);
    const options = batches.map((from) => {
      const to = Math.min(from + BATCH, electors.length);
      return el("option", { value: from }, say(words.batchOf, { from: from + 1, to, count: electors.length }));
    });
    const batch = el("select", { id: "batch" }, ...options);
    const one = el("input", { type: "text", id: "one", autocomplete: "off", inputmode: "text" });
    const printBatch = () => {
      const from = Number(batch.value);
      this.print(order, codes, electors.slice(from, from + BATCH));
    };
    const printOne = () => {
      const elector = electors.find(({ id }) => id === one.value.trim());
      if (!elector) return this.complain(say(words.unknown, { id: one.value.trim() }), one);
      one.removeAttribute("aria-invalid");
      this.print(order, codes, [elector]);
    };
    return el(
      "section", { class: "act" }, el("h2", {}, words.lettersTitle), el("p", {}, words.lettersText),
      el("div", { class: "field" }, el("label", { for: "batch" }, words.batch), batch),
      el("div", { class: "row" }, button(words.printBatch, first(printBatch))),
      el("div", { class: "field" }, el("label", { for: "one" }, words.one), one),
      el("div", { class: "row" }, button(words.printOne, first(printOne), "quiet")),
    );
  }

  /** Prints letters; they are on the page only while the printer takes them. */
  private print(order: Order, codes: Codes, electors: readonly Elector[]): void {
    document.querySelector(".letters")?.remove();
    const letters = electors.map((elector) => letter(order, elector, codes.get(elector.id) ?? ""));
    document.body.append(el("div", { class: "letters" }, addressDrawing(order.election.url), ...letters));
    fit(letters);
    this.tell(say(this.words.printing, { count: electors.length }));
    window.print();
  }

  private close(): void {
    document.querySelector(".letters")?.remove();
    this.order = this.made = null;
    this.tell("");
    this.next();
  }
}

function button(label: string, click: () => void, kind = ""): HTMLButtonElement {
  return el("button", { type: "button", class: kind || null, click }, label);
}
