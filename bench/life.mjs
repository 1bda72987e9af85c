// What it costs to load a large directory in Node, beside the marks: the same loads as bench/life/main.rs.
//
// Times are the clock's, since the engine's own threads have work too; the best is told beside the median, since noise only ever adds. Memory is
// measured in a process of its own for each kind of load, so that nothing that was freed before hides what it takes.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { Bailiwick, publicKeyOf } from "bailiwick";

const LOADS = 9;
const SIGNING_KEY = new Uint8Array(32).fill(7);
const own = fileURLToPath(import.meta.url);
const folder = process.env.BENCH_DATA ?? fileURLToPath(new URL("../target/bench/large", import.meta.url));
// How many milliseconds each load may take.
const MARKS = { json: 3_000, snapshot: 200 };

// A load of one kind, with its input at hand.
function loader(kind) {
  if (kind === "json") {
    const text = readFileSync(`${folder}/directory.json`);
    return () => Bailiwick.fromDirectory(text);
  }
  const [snapshot, publicKey] = [readFileSync(`${folder}/directory.snapshot`), publicKeyOf(SIGNING_KEY)];
  return () => Bailiwick.fromSnapshot(snapshot, { publicKey });
}

// How long it takes. Giving the memory back is not timed.
function milliseconds(load) {
  const begin = performance.now();
  const guard = load();
  const took = performance.now() - begin;
  guard.free();
  return took;
}

const status = (field) => Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1e3;

// What is resident afterwards and was at the peak, beside the input; for whoever started this process.
function memory(kind) {
  const load = loader(kind);
  const before = process.memoryUsage().rss;
  try {
    writeFileSync("/proc/self/clear_refs", "5");
  } catch {
    return "no account of memory on this system";
  }
  const guard = load();
  const told = `${((process.memoryUsage().rss - before) / 1e6).toFixed(1)} MB resident, ${((status("VmHWM") * 1024) / 1e3 - before / 1e6).toFixed(1)} MB at the peak`;
  guard.free();
  return told;
}

const only = process.argv[2];
if (only !== undefined) {
  console.log(memory(only));
} else {
  const guard = loader("json")();
  writeFileSync(`${folder}/directory.snapshot`, guard.toSnapshot({ signingKey: SIGNING_KEY }));
  guard.free();
  for (const [kind, most] of Object.entries(MARKS)) {
    const load = loader(kind);
    const times = Array.from({ length: LOADS }, () => milliseconds(load)).sort((a, b) => a - b);
    const median = times[Math.floor(LOADS / 2)];
    const verdict = median <= most ? "holds" : "DOES NOT HOLD";
    const taken = execFileSync(process.execPath, [own, kind], { encoding: "utf8" }).trim();
    console.log(`life   node    ${kind.padEnd(8)} ${median.toFixed(1).padStart(7)} ms (best ${times[0].toFixed(1)})  at most ${String(most).padStart(5)} ${verdict}; ${taken}`);
  }
}
