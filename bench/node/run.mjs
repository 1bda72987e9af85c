// The npm package beside a baseline that a developer would write by hand and beside other engines, all asked the same.
//
// node run.mjs FOLDER [--engines NAME,…] [--rounds N] measures decisions on the data in a folder; --load NAME what one engine takes to load, in
// this process of its own; --start NAME loads it and decides once. --list names the engines, --weigh tells what each adds to a program, and --nothing does nothing. Results are JSON on standard output.
import assert from "node:assert/strict";
import { parseArgs } from "node:util";

import { engines } from "./engines.mjs";
import { questionsOf } from "./data.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { list: { type: "boolean" }, nothing: { type: "boolean" }, weigh: { type: "boolean" }, load: { type: "string" }, start: { type: "string" }, engines: { type: "string" }, rounds: { type: "string", default: "30" } },
});
const [folder] = positionals;

/** What it takes to be ready to answer. */
async function load(engine) {
  const ask = await engine.imported();
  const before = process.memoryUsage.rss();
  const clock = performance.now();
  const cpu = process.cpuUsage();
  const candidates = await ask(folder);
  const { user, system } = process.cpuUsage(cpu);
  const result = { cpu_ms: (user + system) / 1e3, wall_ms: performance.now() - clock };
  globalThis.gc?.();
  result.resident_kb = Math.max(0, Math.round((process.memoryUsage.rss() - before) / 1024));
  assert.ok(candidates);
  return result;
}

/** Everything from nothing to one decision. */
async function start(engine) {
  const questions = questionsOf(folder, "first.json");
  const [candidate] = (await (await engine.imported())(folder))(questions);
  const answers = new Uint8Array(1);
  await candidate.run(0, 1, answers);
  assert.equal(answers[0] === 1, questions[0].allowed);
}

/** Decisions of all of them, in turn. */
async function decide(chosen) {
  const { measure } = await import("./measure.mjs");
  const questions = questionsOf(folder);
  const candidates = [];
  for (const engine of chosen) {
    const ask = await (await engine.imported())(folder);
    candidates.push(...ask(questions).map((candidate) => ({ engine: engine.engine, ...candidate })));
  }
  return measure(candidates, Number(values.rounds));
}

const named = (name) => engines.find(({ engine }) => engine === name) ?? assert.fail(`no engine is called ${name}`);
if (values.nothing) process.exit();
else if (values.list) console.log(JSON.stringify({ engines }));
else if (values.weigh) console.log(JSON.stringify(await (await import("./weigh.mjs")).weigh()));
else if (values.load) console.log(JSON.stringify(await load(named(values.load))));
else if (values.start) await start(named(values.start));
else console.log(JSON.stringify(await decide(values.engines?.split(",").map(named) ?? engines)));
