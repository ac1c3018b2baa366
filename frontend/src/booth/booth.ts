/** The booth: where the elector stands, and what leads from one step to the next. The screens show it. */

import { publicCredentials, typedCode } from "../belenios/credential.ts";
import { BeleniosError } from "../belenios/error.ts";
import { trackingNumber } from "../belenios/fingerprint.ts";
import type { Sealed } from "../belenios/seal.ts";
import { sealBallot } from "../belenios/seal.ts";
import { breathe } from "../page/dom.ts";
import type { Language } from "../page/language.ts";
import type { Words } from "../words/index.ts";
import { WORDS } from "../words/index.ts";
import type { Config, Urn } from "./config.ts";
import { urnOf } from "./config.ts";
import type { Left } from "./marks.ts";
import { choicesOf, untouched } from "./marks.ts";
import { isReceiptOf } from "./receipt.ts";
import type { Door, Receipt } from "./server.ts";
import { Refusal, cast, giveFactor, knock } from "./server.ts";
import { warmUp } from "./warm.ts";

/** Where the elector stands. */
export type Place =
  | "code" | "factor" | "mark" | "sealing" | "choose" | "casting" | "tested" | "receipt" | "done" | "nothing";

/** After these nobody knows whether the ballot has arrived; the same bytes are sent again. */
const UNSURE = new Set(["network", "no-answer", "other-receipt", "already-cast"]);
/** After these the same bytes may be sent again. */
const AGAIN = new Set([...UNSURE, "unavailable", "too-many"]);
/** After these another ballot may be accepted. */
const ANEW = new Set(["malformed", "wrong-ballot"]);

export class Booth {
  place: Place = "code";
  /** What did not work, by its code in the words. */
  problem = "";
  /** Something that may be said beside: that a number was sent again. */
  note = "";
  busy = false;
  /** The tries that are left for the second factor, where the service told. */
  tries: number | null = null;
  sentTo = "";
  /** The urns in which this code can vote now, and which of them is at hand. */
  urns: readonly Urn[] = [];
  current = 0;
  /** Those of this code that are not open. */
  shut: readonly Urn[] = [];
  left: Left = [];
  /** The sealed ballot; it has no openings any more once it was sent. */
  sealed: Sealed | null = null;
  sent = false;
  readonly receipts = new Map<string, Receipt>();

  private code: string | null = null;
  private credentials: Readonly<Record<string, string>> = {};
  private token = "";
  private voted: ReadonlySet<string> = new Set();

  constructor(
    readonly config: Config,
    public language: Language,
    /** Shows a place; `moved` where it is another than before. */
    private readonly show: (moved: boolean) => void,
  ) {}

  get words(): Words {
    return WORDS[this.language];
  }

  get urn(): Urn {
    return this.urns[this.current] as Urn;
  }

  get tracking(): string {
    return this.sealed === null ? "" : trackingNumber(this.sealed.text);
  }

  /** Whether this code has a ballot in the urn at hand already. */
  get votedHere(): boolean {
    return this.urns.length > 0 && (this.voted.has(this.urn.uuid) || this.receipts.has(this.urn.uuid));
  }

  /** Whether leaving the page now would lose something. */
  get underWay(): boolean {
    return this.urns.length > 0 && !["done", "nothing"].includes(this.place) && this.receipts.size < this.urns.length;
  }

  get unsure(): boolean {
    return UNSURE.has(this.problem) && this.sent;
  }

  get canSendAgain(): boolean {
    return !this.sent || this.problem === "" || AGAIN.has(this.problem);
  }

  get canMarkAnew(): boolean {
    return !this.sent || ANEW.has(this.problem);
  }

  /** Where the elector stands, in one sentence. */
  get stand(): string {
    const { stand } = this.words;
    const [done, of] = [this.receipts.size, this.urns.length];
    if (this.place === "casting") return stand.sending;
    if (this.unsure) return stand.unsure;
    if (this.place === "receipt" || this.place === "done") {
      if (done === 0) return stand.not;
      return done === of ? stand.all(of) : stand.some(done, of);
    }
    if (this.votedHere) return stand.earlier;
    return done > 0 ? `${stand.some(done, of)} ${stand.here}` : stand.not;
  }

  speak(language: Language): void {
    this.language = language;
    this.show(false);
  }

  /** The code as it was typed: it is derived from, asked for at the door, and never leaves the page. */
  async enter(typed: string): Promise<void> {
    const code = typedCode(typed);
    if (code === null) return this.stay("no-code");
    this.wait();
    await breathe();
    const credentials = await publicCredentials(this.config.urns.map(({ uuid }) => uuid), code, breathe);
    const door = await this.asked(knock(this.config, credentials, code));
    if (door === null) return;
    const known = this.config.urns.filter(({ uuid }) => door.urns.includes(uuid));
    if (known.length === 0) return this.stay("unknown-code");
    let urns: Urn[];
    try {
      urns = known.map(urnOf);
    } catch (error) {
      if (error instanceof BeleniosError) return this.stay("damaged");
      throw error;
    }
    this.urns = urns.filter(({ state }) => state === "open");
    this.shut = urns.filter(({ state }) => state !== "open");
    if (this.urns.length === 0) return this.go("nothing");
    this.code = code;
    this.credentials = credentials;
    this.voted = new Set(door.voted);
    this.sentTo = door.factor?.sent_to ?? "";
    this.begin(0, door.factor === null ? "mark" : "factor");
    await warmUp(this.urns);
  }

  async enterFactor(typed: string): Promise<void> {
    const digits = typed.replace(/\s/g, "");
    if (!/^[0-9]{6}$/.test(digits)) return this.stay("digits");
    this.wait();
    const token = await this.asked(giveFactor(this.config, this.credentials, digits));
    if (token === null) return;
    this.token = token;
    this.go(this.sealed === null ? "mark" : "choose");
  }

  /** Has a new number sent. */
  async resend(): Promise<void> {
    const { code } = this;
    if (code === null) return this.leave();
    this.wait();
    const door: Door | null = await this.asked(knock(this.config, this.credentials, code));
    if (door === null) return;
    this.sentTo = door.factor?.sent_to ?? this.sentTo;
    this.tries = null;
    this.note = "resent";
    this.stay("");
  }

  async seal(progress: (done: number) => void): Promise<void> {
    const { urn, code } = this;
    if (code === null) return this.leave();
    this.go("sealing");
    await breathe();
    let done = 0;
    const pause = async (): Promise<void> => {
      progress((done += 1));
      await breathe();
    };
    this.sealed = await sealBallot(urn.sealed, code, [choicesOf(urn.question, this.left)], pause);
    this.sent = false;
    this.go("choose");
  }

  /** Throws the sealed ballot away, and goes back to the paper; the marks stay unless the ballot was opened. */
  markAnew(): void {
    if (this.place === "tested") this.left = untouched(this.urn);
    this.sealed = null;
    this.sent = false;
    this.go("mark");
  }

  /** Opens the sealed ballot. From now on it cannot be cast. */
  test(): void {
    if (!this.sent && this.sealed !== null) this.go("tested");
  }

  /** Casts the sealed ballot, or sends it again. From now on it cannot be opened. */
  async cast(): Promise<void> {
    if (this.sealed === null || this.place !== "choose") return;
    const { text } = this.sealed;
    this.sealed = { text, openings: [] };
    this.sent = true;
    this.go("casting");
    let receipt: Receipt;
    try {
      receipt = await cast(this.config, this.urn.uuid, text, this.token);
      if (!isReceiptOf(receipt, text)) throw new Refusal("other-receipt");
    } catch (error) {
      return this.refused(error);
    }
    this.receipts.set(this.urn.uuid, receipt);
    this.sealed = null;
    this.left = [];
    if (this.receipts.size === this.urns.length) this.forget();
    this.go("receipt");
  }

  private async refused(error: unknown): Promise<void> {
    if (!(error instanceof Refusal)) throw error;
    if (error.code === "factor-needed") {
      this.go("factor", error.code);
      await this.resend();
      if (this.problem === "") this.problem = "factor-needed";
      return this.show(false);
    }
    this.go("choose", error.code in this.words.refusals ? error.code : "no-answer");
  }

  /** The contest after this one in which there is no receipt yet, if any. */
  get following(): Urn | null {
    return this.urns.find((_, at) => at > this.current) ?? null;
  }

  /** Goes on to the next contest, or to the end. */
  next(): void {
    if (this.following === null) return this.leave();
    this.begin(this.current + 1, "mark");
  }

  /** The end: everything that the page knew is forgotten, but for the receipts. */
  leave(): void {
    this.forget();
    this.go("done");
  }

  /** Forgets the code and what was made with it. */
  forget(): void {
    this.code = null;
    this.credentials = {};
    this.token = "";
    this.sealed = null;
    this.left = [];
  }

  private begin(at: number, place: Place): void {
    this.current = at;
    this.left = untouched(this.urn);
    this.sealed = null;
    this.sent = false;
    this.go(place);
  }

  /** The answer to a request; null where it is a refusal, which is then shown. */
  private async asked<T>(request: Promise<T>): Promise<T | null> {
    try {
      return await request;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { left } = error.answer;
      this.tries = typeof left === "number" ? left : null;
      const code = error.code === "network" ? "network-door" : error.code;
      this.stay(code in this.words.refusals ? code : "no-answer");
      return null;
    }
  }

  private go(place: Place, problem = ""): void {
    this.place = place;
    this.problem = problem;
    this.note = "";
    this.busy = false;
    this.show(true);
  }

  private stay(problem: string): void {
    this.problem = problem;
    this.busy = false;
    this.show(false);
  }

  private wait(): void {
    this.problem = "";
    this.note = "";
    this.busy = true;
    this.show(false);
  }
}
