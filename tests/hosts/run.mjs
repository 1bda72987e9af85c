// The npm package in every JavaScript host: the tarball of dist/ answers the whole shared suite in each of them, byte by byte as in Node.
// Arguments choose hosts by their names; without any, all run. tests/README.md describes the matrix.
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { commands } from "./commands.mjs";
import { shown } from "./examples.mjs";
import { pages } from "./pages.mjs";
import { NotHere, root } from "./processes.mjs";
import { install, project, tarball } from "./projects.mjs";
import { workers } from "./workerd.mjs";

const HOSTS = [...commands, ...workers, ...pages];
// The others are compared with the first one, so it always runs.
const [REFERENCE] = HOSTS;
const AT_ONCE = 2;
const CI = Boolean(process.env.CI);

function chosen(names) {
  const unknown = names.filter((name) => !HOSTS.some((host) => host.name === name));
  if (unknown.length > 0) throw new Error(`no host: ${unknown.join(", ")}; there are ${HOSTS.map(({ name }) => name).join(", ")}`);
  return HOSTS.filter((host) => host === REFERENCE || names.length === 0 || names.includes(host.name));
}

// The result of one host. A failure there does not end the others.
async function asked(host) {
  const began = performance.now();
  const result = { name: host.name, version: "", parts: {}, failures: [], lines: undefined, absent: undefined };
  try {
    const folder = project(host.name);
    const { version, report } = await host.ask(folder);
    writeFileSync(join(folder, "answers.tsv"), report.lines.join(""));
    if (host.show) report.parts.example = shown(await host.show(folder));
    if (host.serve) report.parts["decision point"] = shown(await host.serve(folder));
    for (const [part, { expected, passed, failures }] of Object.entries(report.parts)) {
      result.failures.push(...failures);
      if (passed !== expected) result.failures.push(`${passed} of ${expected} ${part} passed`);
    }
    Object.assign(result, { version, parts: report.parts, lines: report.lines });
  } catch (error) {
    if (error instanceof NotHere) result.absent = error.message;
    else result.failures.push(error.name === "Error" ? error.message : error.stack);
  }
  result.seconds = (performance.now() - began) / 1000;
  return result;
}

async function askedAll(hosts) {
  const waiting = hosts.entries();
  const results = [];
  const worker = async () => {
    for (const [place, host] of waiting) results[place] = await asked(host);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

function difference(lines, wanted, whose) {
  if (lines.join("") === wanted.join("")) return [];
  const differs = wanted.findIndex((line, index) => line !== lines[index]);
  const place = differs < 0 ? wanted.length : differs;
  const [one = "nothing", other = "nothing"] = [wanted[place], lines[place]].map((line) => line?.trimEnd());
  // A line can be long: the output begins a little before the difference.
  let from = 0;
  while (from < one.length && one[from] === other[from]) from++;
  const shown = (line) => (from > 80 ? `…${line.slice(from - 80, from + 200)}` : line.slice(0, 300));
  return [`the answers are not those of ${whose}: ${one.split("\t")[0]}\n  wanted ${shown(one)}\n  found  ${shown(other)}`];
}

// The answers of the core, unless they are older than those that they would be compared with.
function coreAnswers() {
  const path = join(root, "target/answers/core.tsv");
  if (!existsSync(path)) return undefined;
  const sources = ["tests/cases", "tests/directories", "tests/policies", "examples/acme"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(root, folder, name)),
  );
  const newest = Math.max(...[tarball(), ...sources].map((source) => statSync(source).mtimeMs));
  if (statSync(path).mtimeMs >= newest) return readFileSync(path, "utf8").split(/(?<=\n)/);
  console.log("target/answers/core.tsv is older than the package or the cases, and is not compared: `make suite` writes it");
  return undefined;
}

function compare(results) {
  const [{ lines: node }] = results;
  const core = coreAnswers();
  for (const { lines, failures } of results) {
    if (lines === undefined) continue;
    if (node !== undefined) failures.push(...difference(lines, node, REFERENCE.name));
    if (core !== undefined) failures.push(...difference(lines, core, "the core (target/answers/core.tsv)"));
  }
}

function table(results) {
  const rows = [["host", "version", "passed", "time"]];
  for (const { name, version, parts, failures, absent, seconds } of results) {
    const passed = Object.entries(parts).map(([part, { passed }]) => `${passed} ${part}`).join(", ");
    const said = absent !== undefined ? "not run" : failures.length > 0 ? `FAILED ${passed}` : passed;
    rows.push([name, version, said, absent === undefined ? `${seconds.toFixed(1)} s` : ""]);
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd()).join("\n");
}

const hosts = chosen(process.argv.slice(2));
await install();
const results = await askedAll(hosts);
compare(results);
for (const { name, failures } of results) for (const failure of failures) console.log(`${name}: ${failure}`);
for (const { name, absent } of results) if (absent !== undefined) console.log(`not run: ${name}: ${absent}`);
const absent = results.filter((result) => result.absent !== undefined).length;
const failed = results.filter(({ failures }) => failures.length > 0).length;
console.log(table(results));
console.log(`hosts: ${results.length - absent - failed} passed, ${failed} failed${absent > 0 ? `, ${absent} not run` : ""}`);
if (CI && absent > 0) console.log("on CI every host has to run");
process.exit(failed > 0 || (CI && absent > 0) ? 1 : 0);
