// The shared suite in any JavaScript host: nothing here is of Node, and the package is passed in. tests/README.md says what a case is.
import { differences } from "./differences.mjs";
import { has, named as documentOf } from "./documents.mjs";
import { ask, comparable, fault, quarantined, run, spelt } from "./steps.mjs";

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const dated = (input, at) => (at !== undefined && isObject(input) && !has(input, "at") ? { ...input, at } : input);
const WHOLE = new Set(["load", "to_directory", "steps"]);

// Runs what bundle.mjs has read. Of the package, `Bailiwick`, `authzenMetadata` and `isBailiwickError` are used.
export function runSuite({ counts, files, documents }, bailiwick) {
  const named = (folder, source) => documentOf(documents, folder, source);

  function load(document, { policy, quarantine, max_bytes, max_values } = {}) {
    const options = spelt({ policy: policy === undefined ? undefined : named("policies", policy), quarantine, max_bytes, max_values });
    return bailiwick.Bailiwick.fromDirectory(document, Object.keys(options).length === 0 ? undefined : options);
  }

  const loaded = (input) => load(input.text ?? named("directories", has(input, "directory") ? input.directory : input), input);

  function call(guard, { call, input, withAt }) {
    switch (call) {
      case "load": {
        const guard = loaded(input);
        return { revision: guard.revision, policy: guard.policy, issued_at: guard.issuedAt, ...quarantined(guard, input) };
      }
      case "to_directory":
        return loaded(input).toDirectory();
      case "steps":
        return run(bailiwick, guard(), input.steps, withAt, named);
      default:
        return ask(bailiwick, guard(), call, input);
    }
  }

  function answer(guard, test) {
    try {
      return call(guard, test);
    } catch (error) {
      return fault(bailiwick, error);
    }
  }

  const [lines, failures] = [[], []];
  let [expected, passed] = [0, 0];
  for (const [name, count] of Object.entries(counts)) {
    expected += count;
    const file = files[name];
    let shared;
    const merged = (one) => (has(file, "answer") && one !== null && typeof one === "object" ? { ...file.answer, ...one } : one);
    for (const test of file.cases) {
      const isWhole = WHOLE.has(test.call);
      const own = has(test, "directory") || has(test, "policy") || test.call === "steps";
      const make = () => load(named("directories", test.directory ?? file.directory), { policy: test.policy ?? file.policy });
      const withAt = (one) => (Array.isArray(one) ? one.map((each) => dated(each, file.at)) : dated(one, file.at));
      const input = isWhole || test.call.startsWith("authenticate") ? test.input : withAt(test.input);
      const found = answer(() => (own ? make() : (shared ??= make())), { call: test.call, input, withAt });
      const wanted = test.error ?? (isWhole ? test.answer : Array.isArray(test.answer) ? test.answer.map(merged) : merged(test.answer));
      const text = JSON.stringify(found);
      lines.push(`${test.note}\t${text}\n`);
      const wrong = differences(wanted, comparable(JSON.parse(text)));
      if (wrong.length === 0) passed++;
      else failures.push([`${name}: ${test.note}`, ...wrong].join("\n  "));
    }
  }
  return { expected, passed, failures, lines };
}
