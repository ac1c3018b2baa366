/** What stands around every screen: the language, the steps, where the elector stands, what can be checked. */

import type { Child } from "../page/dom.ts";
import { el, fill, focus } from "../page/dom.ts";
import type { Language } from "../page/language.ts";
import { LANGUAGES, languageSwitch } from "../page/language.ts";
import type { Booth, Place } from "./booth.ts";
import { choose } from "./screens/choose.ts";
import { code, factor } from "./screens/code.ts";
import { done, nothing } from "./screens/done.ts";
import { mark } from "./screens/mark.ts";
import { receipt } from "./screens/receipt.ts";
import { casting, sealing } from "./screens/waiting.ts";
import { tested } from "./screens/tested.ts";

/** A screen: its heading, which takes the focus, and what it shows with the heading in it. */
export interface Screen {
  readonly heading: HTMLElement;
  readonly nodes: readonly Child[];
}

const SCREENS: Readonly<Record<Place, (booth: Booth) => Screen>> = {
  code, factor, mark, sealing, choose, casting, tested, receipt, done, nothing,
};
const STEPS = ["code", "mark", "seal", "choose", "receipt"] as const;
const STEP_OF: Readonly<Record<Place, (typeof STEPS)[number] | null>> = {
  code: "code", factor: "code", mark: "mark", sealing: "seal", choose: "choose", casting: "choose", tested: "choose",
  receipt: "receipt", done: null, nothing: null,
};

export class Frame {
  private readonly banner = el("p", { class: "kind" });
  private readonly languages = el("div", { class: "tools" });
  private readonly steps = el("ol", { class: "steps" });
  private readonly contest = el("p", { class: "contest" });
  // It stays in the page from step to step, so that a change of its text is read out.
  private readonly stand = el("p", { class: "stand", role: "status" });
  private readonly screen = el("div", { class: "screen" });
  private readonly about = el("details", { class: "about" });

  constructor(
    main: HTMLElement,
    readonly changed: (moved: boolean) => void,
  ) {
    const top = el("div", { class: "top" }, this.banner, this.languages);
    fill(main, top, this.steps, this.contest, this.stand, this.screen, this.about);
  }

  /** Shows where the booth is; where it has moved, the new heading takes the focus. */
  show(booth: Booth, moved: boolean): void {
    const { words, config } = booth;
    const focused = document.activeElement?.id ?? "";
    document.documentElement.lang = booth.language;
    this.frame(booth);
    const { heading, nodes } = SCREENS[booth.place](booth);
    fill(this.screen, ...nodes);
    document.title = `${heading.textContent} · ${config.election.title}`;
    if (booth.problem !== "") this.screen.querySelector(".problem")?.scrollIntoView({ block: "nearest" });
    if (moved) {
      scrollTo({ top: 0 });
      focus(heading);
    } else if (focused !== "") {
      document.getElementById(focused)?.focus();
    }
    if (this.stand.textContent !== booth.stand) this.stand.textContent = booth.stand;
    this.stand.classList.toggle("yes", booth.receipts.size > 0 && booth.receipts.size === booth.urns.length);
    this.banner.textContent = words.kind[config.election.kind];
    this.banner.hidden = config.election.kind === "real";
  }

  private frame(booth: Booth): void {
    const { words, config } = booth;
    const offered = LANGUAGES.filter((language) => config.election.languages.includes(language));
    const speak = (language: Language): void => booth.speak(language);
    fill(this.languages, offered.length > 1 && languageSwitch(booth.language, speak, offered));
    const here = STEP_OF[booth.place];
    const at = here === null ? STEPS.length : STEPS.indexOf(here);
    const items = STEPS.map((step, number) => {
      const state = number < at ? "past" : undefined;
      return el("li", { class: state, "aria-current": number === at && "step" }, el("span", {}, words.steps[step]));
    });
    fill(this.steps, ...items);
    this.steps.hidden = here === null;
    const several = booth.urns.length > 1 && here !== null && booth.place !== "factor";
    fill(this.contest, several && words.contestOf(booth.current + 1, booth.urns.length));
    this.contest.hidden = !several;
    this.facts(booth);
  }

  private facts({ words, config, urns, current }: Booth): void {
    const urn = urns[current];
    fill(
      this.about,
      el("summary", {}, words.about.title),
      el(
        "dl",
        {},
        el("dt", {}, words.about.program),
        el("dd", {}, el("code", {}, config.booth_sha256)),
        urn !== undefined && el("dt", {}, words.about.election),
        urn !== undefined && el("dd", {}, el("code", {}, urn.sealed.fingerprint)),
      ),
      el("p", {}, words.about.says),
    );
  }
}
