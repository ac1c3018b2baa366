// Builds the pages into the static files of the service; with --tests the tests for `node --test` (test/**.test.ts), with
// --tools the programs that other tests run (test/**.tool.ts). `--to FOLDER` writes elsewhere.
//
// Every folder of src/ that has an index.ts becomes one script; NAME.css beside it one stylesheet. `codes` becomes one
// offline file with both inside. The same sources give the same bytes, so that anyone can hold the pages against them.

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const asked = process.argv.indexOf("--to") + 1;
const to = asked > 0 ? resolve(process.argv[asked]) : join(here, "../src/suffrage/service/static/built");
const common = { bundle: true, target: "es2022", charset: "utf8", legalComments: "none", logLevel: "warning" };

if (process.argv.includes("--tests")) {
  await forNode(".test.ts", ".tests");
} else if (process.argv.includes("--tools")) {
  await forNode(".tool.ts", ".tools");
} else {
  await pages();
}

async function pages() {
  mkdirSync(to, { recursive: true });
  for (const name of ["booth", "trustee", "signing"]) {
    const [script, style] = await built(name, "esm");
    if (script !== null) writeFileSync(join(to, `${name}.js`), script);
    if (style !== null) writeFileSync(join(to, `${name}.css`), style);
  }
  const [script, style] = await built("codes", "iife");
  if (script !== null) writeFileSync(join(to, "codes.html"), offline(script, style ?? ""));
}

async function built(name, format) {
  const texts = [`src/${name}/index.ts`, `src/${name}/${name}.css`].map(async (entry) => {
    if (!existsSync(join(here, entry))) return null;
    const made = await build({
      ...common, absWorkingDir: here, entryPoints: [entry], format, minify: true, write: false,
    });
    return made.outputFiles[0].text;
  });
  return Promise.all(texts);
}

// The policy names the script and the style by their hashes: nothing else runs, and nothing is asked of any network.
function offline(script, style) {
  const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  // No `</script` may stand in the script; as a string it is the same with a backslash.
  const safe = script.replaceAll("</script", "<\\/script");
  const policy = `default-src 'none'; script-src ${hash(safe)}; style-src ${hash(style)}; img-src data: blob:`;
  const page = readFileSync(join(here, "src/codes/codes.html"), "utf8");
  return page
    .replace("{{policy}}", () => policy)
    .replace("/*style*/", () => style)
    .replace("/*script*/", () => safe);
}

async function forNode(ending, folder) {
  const out = asked > 0 ? to : join(here, "node_modules", folder);
  if (asked === 0) rmSync(out, { recursive: true, force: true });
  const found = readdirSync(join(here, "test"), { recursive: true })
    .filter((path) => path.endsWith(ending))
    .map((path) => `test/${path}`);
  await build({
    ...common, absWorkingDir: here, entryPoints: found, outdir: out, outbase: join(here, "test"), format: "esm",
    platform: "node", target: "node20", outExtension: { ".js": ".mjs" },
    define: { ROOT: JSON.stringify(join(here, "..")) },
  });
}
