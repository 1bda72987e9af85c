// Every case of the shared suite against the published types of the installed package.
import assert from "node:assert/strict";
import { test } from "node:test";

import { folder, write } from "./cases_as_types.mjs";
import { complaints } from "./compiler.mjs";

test("what the engine takes and answers compiles, and what it refuses for its shape does not", (t) => {
  const { cases, lines } = write();
  const found = complaints(folder);
  assert.deepEqual(found.slice(0, 20), [], `${found.length} complaints`);

  const count = (kind, refused) => {
    const number = lines.filter((line) => line.kind === kind && line.refused === refused).length;
    assert.ok(number > 0, `no ${kind}`);
    return number;
  };
  assert.ok(cases > 0, "no cases");
  const [inputs, documents, answers] = [count("inputs", false), count("documents", false), count("answers", false)];
  t.diagnostic(`${cases} cases: ${inputs} inputs, ${documents} documents and ${answers} answers compile`);
  t.diagnostic(`${count("inputs", true)} inputs do not, as they should`);
  t.diagnostic(`${count("neighbours", false)} calls like them compile, and ${count("neighbours", true)} do not`);
  t.diagnostic(`${count("spoilt", true)} answers that nobody gives do not`);
  const beyond = lines.filter(({ kind, why }) => kind === "inputs" && why !== undefined).map(({ why }) => why);
  for (const why of new Set(beyond)) {
    t.diagnostic(`${beyond.filter((one) => one === why).length} inputs are refused and compile: ${why}`);
  }
});
