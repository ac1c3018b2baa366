/** A new key, from its making until the person has proved that it is kept: saved or printed, and loaded back. */

import { Seed } from "../belenios/trustee/seed.ts";
import type { Child } from "../page/dom.ts";
import { save } from "../page/files.ts";
import { say } from "../page/language.ts";
import type { Uses } from "./keyform.ts";
import { sheet } from "./sheet.ts";
import type { Config } from "./state.ts";
import type { Shown } from "./views.ts";
import { checkView, keepView } from "./views.ts";

/** What the page does for a new key. */
export interface Host {
  readonly tell: (text: string) => void;
  readonly complain: (text: string) => void;
  readonly render: () => void;
  /** The person has the key: the ceremony goes on with it. */
  readonly proved: (seed: Seed) => Promise<void>;
}

export class Making {
  private kept = false;
  private checking = false;

  constructor(
    private readonly seed: Seed,
    private readonly file: string,
    private readonly config: Config,
    private readonly host: Host,
  ) {}

  get view(): "keep" | "check" {
    return this.checking ? "check" : "keep";
  }

  /** Whether the key would be lost with the page. */
  get atRisk(): boolean {
    return !this.kept;
  }

  content(shown: Shown, language: string): Child[] {
    if (this.checking) return checkView(shown, this.checks(shown), () => this.check(false));
    const { words } = shown;
    const key = this.seed.expose();
    const keep = (act: () => void) => () => {
      act();
      this.kept = true;
      this.host.complain("");
    };
    showSheet(sheet(words, this.config, key, this.file, language));
    return keepView(shown, {
      key,
      save: keep(() => {
        save(this.file, `${key}\n`, "application/octet-stream");
        this.host.tell(say(words.saved, { file: this.file }));
      }),
      print: keep(() => window.print()),
      shown: keep(() => undefined),
      go: () => (this.kept ? this.check(true) : this.host.complain(words.keptFirst)),
    });
  }

  /** Forgets the key. */
  wipe(): void {
    this.seed.wipe();
    showSheet(null);
  }

  private check(checking: boolean): void {
    this.checking = checking;
    if (checking) showSheet(null);
    this.host.complain("");
    this.host.render();
  }

  private checks({ words }: Shown): Uses {
    const { complain } = this.host;
    const use = async (seed: Seed) => {
      const right = seed.equals(this.seed);
      seed.wipe();
      if (!right) return complain(say(words.checkWrong, { file: this.file }));
      await this.host.proved(this.seed);
    };
    return { use, complain };
  }
}

/** The printed page is there only while the key is being kept. */
function showSheet(page: HTMLElement | null): void {
  document.querySelector(".sheet")?.remove();
  document.body.classList.toggle("with-sheet", page !== null);
  if (page) document.body.append(page);
}
