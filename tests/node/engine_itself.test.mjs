// What an engine is when somebody makes one by `new`, writes it as JSON, prints or copies it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import { Bailiwick } from "bailiwick";

const load = () => Bailiwick.fromDirectory({ format: "bailiwick/1", revision: 7, organizations: [] });

test("`new` says how an engine is made", () => {
  class Own extends Bailiwick {}
  for (const make of [() => new Bailiwick(), () => new Bailiwick({ format: "bailiwick/1" }), () => new Own(), () => Reflect.construct(Bailiwick, [])]) {
    assert.throws(make, { name: "TypeError", message: /`Bailiwick\.fromDirectory` or `Bailiwick\.fromSnapshot`/ });
  }
  assert.ok(load() instanceof Bailiwick);
});

test("an engine is not JSON, at any depth", () => {
  const guard = load();
  for (const value of [guard, { guard }, [[guard]]]) assert.throws(() => JSON.stringify(value), { name: "TypeError", message: /`toDirectory\(\)` or `toSnapshot\(\)`/ });
  assert.equal(JSON.parse(JSON.stringify(guard.toDirectory())).revision, 7);
  guard.free();
  assert.throws(() => JSON.stringify(guard), /has been freed/);
});

test("what is printed says which directory it is, and nothing that is in it", () => {
  const guard = load();
  guard.isAllowed("user:a", "file.read", "project:p");
  assert.equal(inspect(guard), 'Bailiwick { policy: "projects-2026-02", revision: 7 }');
  assert.match(inspect({ guard: { guard } }, { depth: 5 }), /Bailiwick \{ policy: "projects-2026-02", revision: 7 \}/);
  guard.free();
  assert.equal(inspect(guard), "Bailiwick { freed }");
  assert.match(inspect(Bailiwick), /class Bailiwick/);
  assert.doesNotThrow(() => inspect(Bailiwick.prototype));
  assert.deepEqual(Object.keys(load()).filter((name) => !name.startsWith("__")), []);
});
