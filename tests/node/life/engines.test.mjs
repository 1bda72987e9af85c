// Engines: refused changes, separation, listings, memory.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { Bailiwick, BailiwickError } from "bailiwick";

import { at, actor, signingKey, publicKey, load, guard, addition, removal, state, refused, works } from "./scene.mjs";

test("a forbidden change says why", () => {
  const error = refused(() => guard.apply(addition("usr_new"), { actor: "user:usr_dan", at }), "forbidden", "/actor");
  const decision = guard.checkAccess({ principal: "user:usr_dan", action: "collaborators.add", resource: "project:prj_a", at });
  assert.deepEqual({ ...error.decision, revision: 0 }, { ...decision, revision: 0 });
  assert.deepEqual([error.decision.allowed, error.decision.reason, error.decision.role], [false, "role_lacks_permission", "member"]);
  assert.equal(Object.getPrototypeOf(error.decision), Object.prototype);
  assert.match(error.stack, /engines\.test\.mjs/);
  assert.deepEqual(JSON.parse(JSON.stringify(error)), { code: "forbidden", path: "/actor", decision: error.decision });
  assert.deepEqual(structuredClone(error.decision), error.decision);
  // It is forbidden before anything is told of what there is.
  const unknown = [{ ...addition("x"), project: "prj_none" }, { type: "revoke_api_key", key: "key_none" }, { type: "remove_resource", resource: "file:none" }];
  for (const change of [addition("usr_dan"), ...unknown]) {
    assert.ok(refused(() => guard.apply(change, { actor: { type: "user", id: "usr_dan" }, at, expectedRevision: 0 }), "forbidden", "/actor").decision);
    assert.ok(refused(() => guard.preview(change, { actor: "api_key:key_ci", at }), "forbidden", "/actor").decision);
  }
});

test("two engines do not see each other", () => {
  const [one, other] = [load(), load()];
  const copy = Bailiwick.fromSnapshot(one.toSnapshot());
  one.apply(addition("usr_one"));
  other.apply(addition("usr_other"));
  const newcomers = (engine) => ["user:usr_one", "user:usr_other"].filter((user) => engine.isAllowed(user, "file.read", "project:prj_a", at));
  assert.deepEqual([one, other, copy].map(newcomers), [["user:usr_one"], ["user:usr_other"], []]);
  const { next_cursor: cursor } = one.listProjects({ principal: actor, at, limit: 1 });
  assert.equal(other.listProjects({ principal: actor, at, cursor }).items.length, 2, "a cursor is bound to a listing, not to an engine");
  assert.equal(copy.listProjects({ principal: actor, at, cursor }).items.length, 2, "nor to a revision");
  assert.throws(() => other.applyDelta(one.toDelta(copy.revision)), { code: "delta_gap", path: "" });
  const fork = load();
  fork.toSnapshot();
  const base = fork.apply(addition("usr_fork"));
  one.toSnapshot();
  one.apply(addition("usr_next"));
  assert.throws(() => fork.applyDelta(one.toDelta(base)), { code: "delta_fork", path: "" });
  assert.equal(copy.applyDelta(one.toDelta(copy.revision)), one.revision);
  assert.equal(state(copy), state(one));
  one.free();
  works(other);
  works(copy);
});

test("a listing goes on where its page ended, whatever language makes of texts", () => {
  const engine = load();
  const names = ["é", "e\u0301", "\u{1f600}", "\uffff", "a:b", "a\\\"b", "__proto__", "constructor", "\u2028", "Z", "z"];
  for (const resource of names) engine.apply({ type: "add_resource", project: "prj_a", resource, kind: "evaluation", name: resource });
  const request = { principal: "user:usr_dan", action: "evaluation.read", at };
  const whole = engine.listResources(request);
  const bytes = (text) => Buffer.from(text);
  assert.deepEqual(whole, { items: names.map((name) => `evaluation:${name}`).sort((one, other) => Buffer.compare(bytes(one), bytes(other))), next_cursor: null });
  for (const limit of [1, 2, 3, 10, 11, 12, 2 ** 53 - 1]) {
    const items = [];
    let cursor = null;
    do {
      const page = engine.listResources({ ...request, limit, cursor });
      items.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor !== null);
    assert.deepEqual(items, whole.items);
  }
  for (const limit of [0, -1, 1.5, NaN, "1", true, 1n]) refused(() => engine.listResources({ ...request, limit }), "wrong_type", "/limit", engine);
  refused(() => engine.listResources({ ...request, limit: 2 ** 53 }), "limit_exceeded", "/limit", engine);
  for (const cursor of ["", "x", "\ud800"]) refused(() => engine.listResources({ ...request, cursor }), "cursor_invalid", "/cursor", engine);
  for (const cursor of [5, {}, [], true]) refused(() => engine.listResources({ ...request, cursor }), "wrong_type", "/cursor", engine);
  assert.deepEqual(engine.listResources({ ...request, limit: undefined, cursor: undefined, kind: null, project: undefined, surface: null }), whole);
  assert.deepEqual(engine.listActions({ principal: "user:usr_ada", resource: "user:usr_ada", at }), { items: ["profile.read"], next_cursor: null });
});

test("memory does not grow with calls that succeed and calls that fail", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const engine = load();
  const snapshot = engine.toSnapshot({ signingKey });
  const round = (count) => {
    for (let number = 0; number < count; number++) {
      engine.apply(addition(`usr_${number}`), { actor, at });
      engine.apply(removal(`usr_${number}`), { actor, at });
      for (const call of [
        () => engine.apply(addition("usr_dan")),
        () => engine.apply(addition("usr_new"), { actor: "user:usr_dan", at }),
        () => engine.apply({ type: "x".repeat(1_000) }),
        () => engine.applyDelta(snapshot),
        () => Bailiwick.fromSnapshot(new Uint8Array(10_000)),
        () => engine.toSnapshot({ signingKey: 5 }),
        () => engine.authenticate(5),
        () => engine.listProjects({ principal: actor, cursor: "x" }),
      ]) {
        assert.throws(call, BailiwickError);
      }
      engine.listPrincipals({ action: "file.read", resource: "project:prj_a", at });
      engine.preview(removal("usr_dan"), { at });
      engine.authenticate("nobody");
      if (number % 10 === 0) {
        Bailiwick.fromSnapshot(snapshot, { publicKey }).free();
        engine.toDelta(engine.revision);
      }
    }
  };
  round(500);
  collect();
  const before = process.memoryUsage();
  round(2_000);
  collect();
  const after = process.memoryUsage();
  const growth = Math.max(after.heapUsed - before.heapUsed, after.external - before.external, after.arrayBuffers - before.arrayBuffers);
  assert.ok(growth < 16 << 20, `${growth} bytes more`);
  // With the module's own memory, which never shrinks, and whatever the collector has not given back.
  assert.ok(after.rss - before.rss < 64 << 20, `${after.rss - before.rss} bytes more`);
});
