// The memory of engines: it is given back, by hand, at the end of a block, or by the garbage collector, and what has been freed says so.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { Bailiwick, BailiwickError } from "bailiwick";
import { initSync } from "bailiwick/slim";

// Not for users: the glue has the module's memory.
import * as glue from "../../node_modules/bailiwick/bailiwick.js";

const document = readFileSync(new URL("../../target/bench/directory.json", import.meta.url));
const snapshot = Bailiwick.fromDirectory(document).toSnapshot();
const load = () => Bailiwick.fromSnapshot(snapshot);
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

/** The size of the module's memory in bytes, which grows and never shrinks. */
const size = () => glue.initSync().memory.buffer.byteLength;

async function staysBounded(once) {
  for (let round = 0; round < 5; round++) await once();
  const before = size();
  for (let round = 0; round < 60; round++) await once();
  const grown = size() - before;
  assert.ok(grown < 10 * snapshot.length, `${grown} bytes more after 60 engines of ${snapshot.length}`);
}

test("an engine that is freed gives its memory back", () => staysBounded(() => load().free()));

test("so does one that is disposed of", () => staysBounded(() => load()[Symbol.dispose]()));

test("and one that is dropped, when garbage is collected", () =>
  staysBounded(async () => {
    load().isAllowed("user:a", "file.read", "project:p");
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }));

test("what was freed says so, and can be freed again", () => {
  const [guard, other] = [load(), load()];
  guard.free();
  guard.free();
  guard[Symbol.dispose]();
  assert.ok(guard instanceof Bailiwick);
  for (const ask of [() => guard.isAllowed("user:a", "file.read", "project:p"), () => guard.revision, () => guard.toDirectory(), () => guard.authzen]) {
    assert.throws(ask, { name: "Error", message: "this engine has been freed" });
  }
  assert.equal(other.isAllowed("user:a", "file.read", "project:p"), false);
  other.free();
});

test("an engine that is freed in the middle of its own call does not take others with it", () => {
  const other = load();
  const plain = { principal: "user:a", action: "file.read", resource: "project:p" };
  const freeing = (guard, more) => ({
    ...more,
    get principal() {
      guard.free();
      return "user:a";
    },
    action: "file.read",
    resource: "project:p",
  });
  const freed = { name: "Error", message: "this engine has been freed" };
  for (const [call, error] of [
    [(guard) => guard.checkAccess(freeing(guard)), freed],
    [(guard) => guard.checkMany([plain, freeing(guard), plain]), freed],
    // On the general path the call is running when the engine is freed, and `free` fails.
    [(guard) => guard.checkAccess(freeing(guard, { min_revision: 0 })), BailiwickError],
    [(guard) => guard.checkMany([plain, freeing(guard, { min_revision: 0 })]), BailiwickError],
    [(guard) => guard.isAllowed(freeing(guard)), BailiwickError],
  ]) {
    const guard = load();
    assert.throws(() => call(guard), error, String(call));
    assert.throws(() => guard.revision, freed);
    guard.free();
    assert.equal(other.checkAccess(plain).allowed, false);
  }
});

test("the slim entry is the same module, ready already", () => {
  initSync({ module: new Uint8Array() });
  assert.equal(load().revision, 1);
});

test("a host's hash that asks the engine in the middle of a change gets an error, and the change goes on", (context) => {
  const [central, edge] = [load(), load()];
  const name = "x".repeat(4096);
  const since = central.revision;
  const project = central.toDirectory().organizations[0].projects[0].id;
  for (let number = 0; number < 8; number++) central.apply({ type: "add_resource", project, resource: `file_${number}`, kind: "file", name });
  const delta = central.toDelta(since);
  const { Hash } = crypto;
  const asked = [];
  const { update } = Hash.prototype;
  context.mock.method(Hash.prototype, "update", function (...parts) {
    try {
      asked.push(edge.revision);
    } catch (error) {
      asked.push(error.message);
    }
    return update.apply(this, parts);
  });
  assert.equal(edge.applyDelta(delta), since + 8);
  assert.ok(asked.includes("the engine is in the middle of a change"), String(asked));
  assert.equal(edge.revision, since + 8);
});
