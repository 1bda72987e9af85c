// Bundles for browsers, of the example of docs/javascript.md, in Chromium under a strict policy. (Vite is a host: tests/hosts.)
import assert from "node:assert/strict";
import { cpSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";

import { close, launch, shown } from "../hosts/browsers.mjs";
import { example } from "../hosts/examples.mjs";
import { REPORT, document, inspect, script, strict } from "../hosts/pages.mjs";
import { run } from "../hosts/processes.mjs";
import { serve } from "../hosts/server.mjs";
import { LINES, MISSING, inBrowser, inlined, project, snapshot, use } from "./projects.mjs";

const PLAIN = `${example("Vite and other bundlers")}\n${REPORT}\n`;
const INLINED = inlined(PLAIN);

const ESBUILD = ["esbuild", "main.js", "--bundle", "--format=esm", "--outfile=dist/main.js"];
const WEBPACK = ["webpack", "--mode=production", "--entry=./main.js", "--output-path=dist"];
const rollup = (options) => ["rollup", "main.js", "--plugin", `node-resolve${options}`, "--format=es", "--file=dist/main.js"];
const FOR_BROWSERS = rollup("={browser:true}");
const classic = '<script defer src="/main.js"></script>';

async function built(name, source, [tool, ...args]) {
  const folder = project(`browser ${name}`, { "main.js": source });
  await use(tool, args, { cwd: folder });
  return folder;
}

// One browser for all pages. A test asks for it first: nothing is built for a browser that is not installed.
let opened;
const browser = () => (opened ??= launch("chromium"));
after(() => opened?.then((browser) => close("chromium", browser), () => {}));

// What a page with the bundle reports.
async function reported(folder, head = script("/main.js")) {
  const dist = join(folder, "dist");
  cpSync(snapshot, join(dist, "directory.snapshot"));
  writeFileSync(join(dist, "index.html"), document(head));
  const server = await serve({ folder: dist, policy: strict() });
  try {
    return await shown(await browser(), "chromium", server);
  } finally {
    server.close();
  }
}

const WORKS = [
  ["webpack", PLAIN, WEBPACK, classic],
  // A script that is no module has no top-level `await`.
  ["esbuild, inlined, as a script", INLINED.replace(/^const response/m, "(async () => {\n$&") + "})();", [...ESBUILD, "--format=iife"], classic],
  ["Rollup", PLAIN, rollup("")],
  ["Rollup for browsers, inlined", INLINED, FOR_BROWSERS],
];

for (const [name, source, command, head] of WORKS) {
  test(name, (context) =>
    inBrowser(context, async () => {
      await browser();
      const folder = await built(name, source, command);
      if (name === "webpack") inspect(join(folder, "dist"));
      assert.equal(await reported(folder, head), "true");
    }),
  );
}

// Nothing is wrong with the build, and nothing would be on the page.
const SILENT = [
  ["esbuild", ESBUILD],
  ["Rollup for browsers", FOR_BROWSERS],
];

for (const [name, command] of SILENT) {
  test(`${name}: without the module, the page says what to do; with it, it works`, (context) =>
    inBrowser(context, async () => {
      await browser();
      const folder = await built(name, PLAIN, command);
      await assert.rejects(reported(folder), MISSING);
      symlinkSync("../node_modules", join(folder, "node_modules"));
      await run("sh", ["-ec", example(LINES, "sh")], { cwd: folder });
      assert.equal(await reported(folder), "true");
    }),
  );
}
