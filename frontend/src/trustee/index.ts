/** The page of a trustee: makes the key, takes it through the ceremony, rehearses with it and turns it. */

import { config } from "../page/server.ts";
import { TrusteePage } from "./page.ts";
import type { Config } from "./state.ts";

const root = document.getElementById("trustee");
if (root) new TrusteePage(root, config() as Config).start();
