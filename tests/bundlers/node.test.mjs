// Bundles for Node.js and Bun, of the examples of docs/javascript.md. Each runs where there is nothing but what the tool wrote.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { example } from "../hosts/examples.mjs";
import { root, run } from "../hosts/processes.mjs";
import { MISSING, elsewhere, inlined, project, use } from "./projects.mjs";

const SOURCES = { "main.mjs": example("Node.js"), "main.cjs": example("Node.js", "js", 1), "bun.mjs": example("Bun") };
const BUN = join(root, "node_modules/.bin/bun");

const esbuild = (format) => (entry, output) => ["esbuild", entry, "--bundle", "--platform=node", `--format=${format}`, `--outfile=dist/${output}`];
const webpack = (entry, output) => ["webpack", "--mode=production", "--target=node", `--entry=./${entry}`, "--output-path=dist", `--output-filename=${output}`];
const rollup = (options) => (entry, output) => ["rollup", entry, "--plugin", `node-resolve${options}`, "--format=es", `--file=dist/${output}`];

const BUILDS = [
  ["esbuild, ES module", "main.mjs", "main.mjs", esbuild("esm")],
  ["esbuild, ES module as CommonJS", "main.mjs", "main.cjs", esbuild("cjs")],
  ["esbuild, CommonJS", "main.cjs", "main.cjs", esbuild("cjs")],
  ["webpack, ES module", "main.mjs", "main.cjs", webpack],
  ["webpack, CommonJS", "main.cjs", "main.cjs", webpack],
  ["Rollup", "main.mjs", "main.mjs", rollup("")],
  ["Rollup, told that it is for Node.js", "main.mjs", "main.mjs", rollup('={exportConditions:["node"]}')],
];

const shown = (folder, program, ...args) => elsewhere(join(folder, "dist"), (cwd) => run(program, args, { cwd }));

for (const [name, entry, output, command] of BUILDS) {
  test(name, async () => {
    const folder = project(`node ${name}`, { [entry]: SOURCES[entry] });
    const [tool, ...args] = command(entry, output);
    await use(tool, args, { cwd: folder });
    assert.equal(await shown(folder, process.execPath, output), "true\n");
  });
}

const COMPILED = ["--compile", "--outfile=dist/main"];
const BUN_BUILDS = [
  ["bun build --target=bun", "bun.mjs", ["--target=bun", "--outdir=dist"], [BUN, "bun.js"]],
  ["bun build --compile", "bun.mjs", COMPILED, ["./main"]],
  ["bun build --compile, CommonJS", "main.cjs", COMPILED, ["./main"]],
];

for (const [name, entry, args, command] of BUN_BUILDS) {
  test(name, async () => {
    const folder = project(name, { [entry]: SOURCES[entry] });
    await run(BUN, ["build", entry, ...args], { cwd: folder });
    assert.equal(await shown(folder, ...command), "true\n");
    // A compiled program has a hundred megabytes.
    project(name, {});
  });
}

test("bun build --target=node: it says what is missing, and inlined it works", async () => {
  const folder = project("bun for node", { "main.mjs": SOURCES["main.mjs"], "inlined.mjs": inlined(SOURCES["main.mjs"]) });
  await run(BUN, ["build", "main.mjs", "inlined.mjs", "--target=node", "--outdir=dist", "--entry-naming=[name].mjs"], { cwd: folder });
  await assert.rejects(shown(folder, process.execPath, "main.mjs"), MISSING);
  assert.equal(await shown(folder, process.execPath, "inlined.mjs"), "true\n");
});
