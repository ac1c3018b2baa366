/** The page on which the credential authority makes the codes, without any network. */

import { CodesPage } from "./page.ts";

const root = document.getElementById("codes");
if (root) new CodesPage(root).start();
