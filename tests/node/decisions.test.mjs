// What `onDecision` is told, by a table that the ASGI application is held to as well; and that an answer does not depend on it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Bailiwick, isBailiwickError } from "bailiwick";
import { createAuthzenHandler } from "bailiwick/authzen";

const { directory, cases } = JSON.parse(readFileSync(new URL("../authzen-decisions.json", import.meta.url), "utf8"));
const guard = Bailiwick.fromDirectory(directory);

const optionsOf = ({ options: { reasons, trust_context_time: trustContextTime } = {} }) => ({ reasons, trustContextTime });

async function answer({ path, body }, options) {
  const headers = { "content-type": "application/json" };
  const response = await createAuthzenHandler(guard, options)(new Request(`https://pdp.example.com${path}`, { method: "POST", headers, body: JSON.stringify(body) }));
  return [response.status, [...response.headers], await response.text()];
}

for (const one of cases) {
  test(one.note, async (context) => {
    const entries = [];
    const before = Date.now();
    const plain = await answer(one, optionsOf(one));
    assert.deepEqual(await answer(one, { ...optionsOf(one), onDecision: (entry) => entries.push(structuredClone(entry)) }), plain);
    for (const [index, { at }] of one.entries.entries()) {
      if (at !== "now") continue;
      assert.match(entries[index].at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.ok(Date.parse(entries[index].at) >= before && Date.parse(entries[index].at) <= Date.now());
      entries[index].at = "now";
    }
    assert.deepEqual(entries, one.entries);
    assert.deepEqual(entries, JSON.parse(JSON.stringify(entries)));

    // Whatever a hook does, the answer is the same, and the host is told.
    const told = context.mock.method(console, "error", () => {});
    const spoil = (entry) => {
      entry.decision.allowed = !entry.decision.allowed;
      entry.decision.caveats.push("spoilt");
      throw new Error("the log is full");
    };
    for (const onDecision of [spoil, async (entry) => spoil(entry), () => ({ then: () => spoil({ decision: { caveats: [] } }) })]) {
      const calls = told.mock.callCount();
      assert.deepEqual(await answer(one, { ...optionsOf(one), onDecision }), plain);
      await new Promise(setImmediate);
      assert.equal(told.mock.callCount(), calls + entries.length);
    }
    assert.deepEqual(await answer(one, { ...optionsOf(one), onDecision: () => new Promise(() => {}) }), plain);
  });
}

test("a hook is a function, or none", async () => {
  for (const onDecision of [true, "log", {}, []]) {
    assert.throws(() => createAuthzenHandler(guard, { onDecision }), (error) => isBailiwickError(error) && error.code === "wrong_type" && error.path === "/onDecision");
  }
  for (const onDecision of [undefined, null]) assert.equal((await answer(cases[0], { onDecision }))[0], 200);
});

test("without a caller who may ask there is no decision", async () => {
  const onDecision = () => assert.fail();
  assert.equal((await answer(cases[0], { authenticate: () => false, onDecision }))[0], 401);
});

test("a clock that gives no time is a 500, as without a hook", async (context) => {
  context.mock.method(console, "error", () => {});
  context.mock.method(Date, "now", () => NaN);
  for (const options of [{}, { onDecision: () => assert.fail() }]) assert.equal((await answer(cases[0], options))[0], 500);
});

test("ten thousand decisions are told", async () => {
  let count = 0;
  const body = { ...cases[0].body, evaluations: Array(10_000).fill({}) };
  const one = { path: "/access/v1/evaluations", body };
  const plain = await answer(one, {});
  assert.deepEqual(await answer(one, { onDecision: () => count++ }), plain);
  assert.equal(count, 10_000);
});
