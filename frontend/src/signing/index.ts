/** The page on which committee members make their keys and sign. */

import { config } from "../page/server.ts";
import type { Config } from "./page.ts";
import { SigningPage } from "./page.ts";

const root = document.getElementById("signing");
if (root) new SigningPage(root, config() as Config).start();
