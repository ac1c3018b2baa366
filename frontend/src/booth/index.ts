/** The voting booth. */

import { config as given } from "../page/server.ts";
import { languageOf } from "../page/language.ts";
import { Booth } from "./booth.ts";
import type { Config } from "./config.ts";
import { Frame } from "./frame.ts";

const config = given() as Config;
const main = document.getElementById("booth") as HTMLElement;
const frame = new Frame(main, (moved) => frame.show(booth, moved));
const booth = new Booth(config, languageOf(config.election.language), frame.changed);
frame.show(booth, false);

addEventListener("beforeunload", (event) => {
  if (booth.underWay) event.preventDefault();
});
// A page that the browser keeps for the way back would hold a code in memory.
addEventListener("pagehide", () => booth.forget());
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
