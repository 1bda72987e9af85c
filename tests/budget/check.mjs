// Holds the packed npm package to its budget (budget.json): what it weighs, and how long a fresh process takes from the import to the first
// decision on a directory of 20,000 resources.
//
// Sizes are exact. The time is the best of many starts, since noise only ever adds; and on a machine that takes longer than the one that the
// budget was measured on for a loop of fixed work, the start may take longer by as much.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { Bailiwick, publicKeyOf } from "bailiwick";

const STARTS = 25;
const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const budget = JSON.parse(readFileSync(at("budget.json"), "utf8"));
const installed = at("../../node_modules/bailiwick/");
const folder = at("../../target/budget/");

const weight = (ending) =>
  readdirSync(installed)
    .filter((name) => name.endsWith(ending))
    .reduce((sum, name) => sum + gzipSync(readFileSync(installed + name), { level: 9 }).length, 0);

function starts() {
  mkdirSync(folder, { recursive: true });
  const signingKey = Uint8Array.from({ length: 32 }, (_, index) => index);
  const guard = Bailiwick.fromDirectory(readFileSync(at("../../target/bench/directory.json")));
  writeFileSync(`${folder}snapshot`, guard.toSnapshot({ signingKey }));
  writeFileSync(`${folder}key`, publicKeyOf(signingKey));
  const one = () => JSON.parse(execFileSync(process.execPath, [at("start.mjs"), `${folder}snapshot`, `${folder}key`], { encoding: "utf8" }));
  return Array.from({ length: STARTS }, one);
}

const all = starts();
const best = (name) => Math.min(...all.map((start) => start[name]));
const slowness = Math.max(1, best("reference") / budget.reference_milliseconds);
const rows = [
  ["WebAssembly, gzip -9", weight(".wasm"), budget.wasm_gzip_bytes, "bytes"],
  ["JavaScript, gzip -9", weight(".js"), budget.javascript_gzip_bytes, "bytes"],
  ["import to first decision", best("start"), budget.start_milliseconds * slowness, "ms"],
];
const shown = (number) => (Number.isInteger(number) ? number.toLocaleString("en") : number.toFixed(1));
for (const [what, found, allowed, unit] of rows) {
  console.log(`${found <= allowed ? "✓" : "✗"} ${what.padEnd(26)} ${shown(found).padStart(9)} of ${shown(allowed)} ${unit}`);
}
const parts = ["module", "load", "decision"].map((name) => `${name} ${best(name).toFixed(1)}`).join(" · ");
console.log(`  best of ${STARTS} starts, in ms: ${parts}; the loop took ${best("reference").toFixed(1)}, and ${budget.reference_milliseconds} where the budget was set`);
process.exitCode = rows.every(([, found, allowed]) => found <= allowed) ? 0 : 1;
