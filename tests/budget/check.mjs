// Holds the packed npm package to its budget (budget.json): what it weighs, and how long a fresh process takes to compile and instantiate
// the module, load a snapshot of 20,000 resources and make the first decision.
//
// The sizes are what was measured and about a hundredth more. They hold the whole life of a tenant: every change, puts of entries, quarantine,
// previews, reconciliation, snapshots of a part and deltas across policies.
//
// Sizes are exact. A time is the best of many starts, since noise only ever adds, and it is measured again where it is beyond the mark. Machines have
// slow hours, though, so it fails only well beyond: a start may take longer by as much as work that is always the same takes longer than where the
// budget was set, and half as long again.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { Bailiwick, publicKeyOf } from "bailiwick";

const STARTS = 20;
const ROUNDS = 4;
const TOLERANCE = 1.5;
const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const budget = JSON.parse(readFileSync(at("budget.json"), "utf8"));
const installed = at("../../node_modules/bailiwick/");
const folder = at("../../target/budget/");

const weightOf = (...names) => names.reduce((sum, name) => sum + execFileSync("gzip", ["-9c", installed + name], { maxBuffer: 1 << 26 }).length, 0);
const weight = (ending) => weightOf(...readdirSync(installed).filter((name) => name.endsWith(ending)));

// The best of several rounds, of which there are more only as long as the last one was not good enough.
function starts(most, ...files) {
  const one = () => JSON.parse(execFileSync(process.execPath, [at("start.mjs"), `${installed}bailiwick_bg.wasm`, ...files], { encoding: "utf8" }));
  const all = [];
  const best = (name) => Math.min(...all.map((start) => start[name]));
  for (let round = 0; round < ROUNDS && (round === 0 || best("start") > most); round++) all.push(...Array.from({ length: STARTS }, one));
  const allowed = most * Math.max(1, best("reference") / budget.reference_milliseconds) * TOLERANCE;
  return { ...Object.fromEntries(Object.keys(all[0]).map((name) => [name, best(name)])), most, allowed };
}

mkdirSync(folder, { recursive: true });
const signingKey = Uint8Array.from({ length: 32 }, (_, index) => index);
const guard = Bailiwick.fromDirectory(readFileSync(at("../../target/bench/directory.json")));
const file = (name, bytes) => {
  writeFileSync(folder + name, bytes);
  return folder + name;
};
const plain = starts(budget.start_milliseconds, file("snapshot", guard.toSnapshot()));
const signed = starts(budget.signed_start_milliseconds, file("signed", guard.toSnapshot({ signingKey })), file("key", publicKeyOf(signingKey)));

const rows = [
  ["WebAssembly, gzip -9", weight(".wasm"), budget.wasm_gzip_bytes, budget.wasm_gzip_bytes, "bytes"],
  ["JavaScript, gzip -9", weight(".js"), budget.javascript_gzip_bytes, budget.javascript_gzip_bytes, "bytes"],
  ["both inlined, gzip -9", weightOf("inline/index.cjs"), budget.inline_gzip_bytes, budget.inline_gzip_bytes, "bytes"],
  ["start to first decision", plain.start, plain.most, plain.allowed, "ms"],
  ["the same, signed", signed.start, signed.most, signed.allowed, "ms"],
];
const shown = (number) => (Number.isInteger(number) ? number.toLocaleString("en") : number.toFixed(1));
for (const [what, found, most, allowed, unit] of rows) {
  const verdict = found <= most ? "✓" : found <= allowed ? "~" : "✗";
  console.log(`${verdict} ${what.padEnd(26)} ${shown(found).padStart(9)} of ${shown(most)} ${unit}${verdict === "~" ? `; fails beyond ${shown(allowed)}` : ""}`);
}
for (const [name, { compile, instantiate, load, decide }] of Object.entries({ plain, signed })) {
  const parts = Object.entries({ compile, instantiate, load, decide }).map(([part, time]) => `${part} ${time.toFixed(1)}`);
  console.log(`  ${name}, best in ms: ${parts.join(" · ")}`);
}
console.log(`  work that is always the same took ${plain.reference.toFixed(1)} ms, and ${budget.reference_milliseconds} where the budget was set`);
process.exitCode = rows.every(([, found, , allowed]) => found <= allowed) ? 0 : 1;
