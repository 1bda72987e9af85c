// The method: everybody answers everything as expected; then they are measured in turn, round by round, and the medians are told.
//
// Processor time of this process is what counts, its helping threads included, so that others on the machine disturb as little as they can. In a
// round each runs once without the clock, so that nobody pays for the cache lines that the one before has driven out.
import assert from "node:assert/strict";

// A loop over so many questions is what caches like best.
const HOT = 200;
// Somebody slow answers as many questions in a round as this allows, the next ones in every round.
const BUDGET_NS = 20e6;
// Somebody slow is checked on as many questions as this allows.
const PATIENCE_MS = 60e3;
// A fast one runs through the questions as often as it takes to be timed well.
const LEAST = 10_000;

/** Nanoseconds of processor time since then. */
function cpuSince(before) {
  const { user, system } = process.cpuUsage(before);
  return (user + system) * 1e3;
}

/** Asks everything once, and stops at the first answer that is not what was expected. */
async function check(candidate) {
  const { engine, operation, length, batch = 1, expected, run } = candidate;
  const answers = new Uint8Array(length);
  const clock = performance.now();
  const cpu = process.cpuUsage();
  let checked = 0;
  while (checked < length && performance.now() - clock < PATIENCE_MS) {
    const to = Math.min(length, checked + batch * Math.ceil(20 / batch));
    await run(checked, to, answers);
    checked = to;
  }
  const nanoseconds = cpuSince(cpu) / checked;
  if (expected) {
    for (let number = 0; number < checked; number++) assert.equal(answers[number] === 1, expected[number], `${engine}, ${operation}: question ${number}`);
  }
  return { ...candidate, batch, answers, checked, nanoseconds };
}

/** Nanoseconds a question in this round. */
async function time({ batch, nanoseconds, run, answers }, round, length) {
  const afford = Math.max(1, Math.floor(BUDGET_NS / nanoseconds / batch)) * batch;
  const window = Math.min(afford, length);
  const from = window < length ? Math.floor(((round * window) % (length - window + 1)) / batch) * batch : 0;
  const passes = Math.max(1, Math.floor(Math.min(LEAST, afford) / window));
  await run(from, from + window, answers);
  const cpu = process.cpuUsage();
  for (let pass = 0; pass < passes; pass++) await run(from, from + window, answers);
  return cpuSince(cpu) / (window * passes);
}

/** The median, and where nine of ten rounds lie. */
function told(times) {
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.round((times.length - 1) * share)];
  return { median_ns: at(0.5), low_ns: at(0.05), high_ns: at(0.95) };
}

/** One set of questions: the first of each candidate's. */
async function set(courses, rounds, lengthOf) {
  const times = courses.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [number, course] of courses.entries()) times[number].push(await time(course, round, lengthOf(course)));
  }
  return times.map(told);
}

export async function measure(candidates, rounds) {
  const courses = [];
  for (const candidate of candidates) courses.push(await check(candidate));
  const hot = await set(courses, rounds, ({ length }) => Math.min(HOT, length));
  const mixed = await set(courses, rounds, ({ length }) => length);
  return { rows: courses.map(({ engine, operation, checked }, number) => ({ engine, operation, checked, hot: hot[number], mixed: mixed[number] })) };
}
