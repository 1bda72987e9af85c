// The shared suite against the installed npm package. tests/README.md says what a case is.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";

import { Bailiwick } from "bailiwick";

import { METHODS, comparable, fault, run } from "./steps/steps.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cases = process.env.SUITE_CASES ?? join(root, "tests/cases");
const answers = process.env.SUITE_ANSWERS ?? join(root, "target/answers/node.tsv");
const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const has = (object, name) => object !== null && typeof object === "object" && Object.hasOwn(object, name);

// A document by its name, as itself, or as another one with changes; an id of a policy stays what it is.
function named(folder, source) {
  if (typeof source === "string") {
    const path = source === "acme" ? join(root, "examples/acme/directory.json") : join(root, "tests", folder, `${source}.json`);
    return existsSync(path) ? read(path) : source;
  }
  if (!has(source, "base")) return source;
  const document = named(folder, source.base);
  const place = (pointer) => {
    const steps = pointer.split("/").slice(1).map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    const key = steps.pop();
    return [steps.reduce((value, step) => value[step], document), key];
  };
  for (const [pointer, value] of Object.entries(source.set ?? {})) {
    const [parent, key] = place(pointer);
    if (Array.isArray(parent) && key === "-") parent.push(value);
    else parent[key] = value;
  }
  for (const pointer of source.remove ?? []) {
    const [parent, key] = place(pointer);
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  }
  return document;
}

function load(document, policy) {
  return Bailiwick.fromDirectory(document, policy === undefined ? undefined : { policy: named("policies", policy) });
}

function call(guard, { call, input, withAt }) {
  switch (call) {
    case "load": {
      const loaded = load(input.text ?? named("directories", has(input, "directory") ? input.directory : input), input.policy);
      return { revision: loaded.revision, policy: loaded.policy, issued_at: loaded.issuedAt };
    }
    case "to_directory":
      return load(input.text ?? named("directories", has(input, "directory") ? input.directory : input), input.policy).toDirectory();
    case "steps":
      return run(guard(), input.steps, withAt);
    default:
      return guard()[METHODS[call]](input);
  }
}

function answer(guard, test) {
  try {
    return call(guard, test);
  } catch (error) {
    return fault(error);
  }
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const dated = (input, at) => (at !== undefined && isObject(input) && !has(input, "at") ? { ...input, at } : input);
const WHOLE = new Set(["load", "to_directory", "steps"]);

const lines = [];
let [expected, passed, failed] = [0, 0, 0];
for (const [name, count] of Object.entries(read(join(cases, "index.json")).files)) {
  expected += count;
  const file = read(join(cases, name));
  let shared;
  const merged = (one) => (has(file, "answer") && one !== null && typeof one === "object" ? { ...file.answer, ...one } : one);
  for (const test of file.cases) {
    const isWhole = WHOLE.has(test.call);
    const own = has(test, "directory") || has(test, "policy") || test.call === "steps";
    const make = () => load(named("directories", test.directory ?? file.directory), test.policy ?? file.policy);
    const withAt = (one) => (Array.isArray(one) ? one.map((each) => dated(each, file.at)) : dated(one, file.at));
    const input = isWhole || test.call === "authenticate" ? test.input : withAt(test.input);
    const found = answer(() => (own ? make() : (shared ??= make())), { call: test.call, input, withAt });
    const wanted = test.error ?? (isWhole ? test.answer : Array.isArray(test.answer) ? test.answer.map(merged) : merged(test.answer));
    const text = JSON.stringify(found);
    lines.push(`${test.note}\t${text}\n`);
    if (isDeepStrictEqual(comparable(JSON.parse(text)), wanted)) passed++;
    else {
      failed++;
      console.log(`${name}: ${test.note}\n  wanted ${JSON.stringify(wanted)}\n  found  ${text}`);
    }
  }
}
mkdirSync(dirname(answers), { recursive: true });
writeFileSync(answers, lines.join(""));
console.log(`node: ${passed} passed, ${failed} failed`);
if (failed > 0 || passed !== expected) throw new Error(`${expected} cases should have passed`);
