// Instants in every form that JavaScript has, and clocks that fail.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Bailiwick } from "bailiwick";

import { document, at, actor, load, addition, hash, refused, foreign } from "./scene.mjs";

test("instants in every form that JavaScript has", () => {
  const engine = load();
  const moment = Date.parse(at);
  const key = (name, expires_at) => ({ type: "create_api_key", project: "prj_a", key: name, digest: hash(name), expires_at });
  engine.apply(key("by_text", at), { at });
  engine.apply(key("by_date", new Date(at)), { at: new Date(at) });
  engine.apply(key("for_ever", undefined), { at: moment + 0.9 });
  const { api_keys: keys } = engine.toDirectory().organizations[0].projects.find(({ id }) => id === "prj_a");
  const [first, second, third] = ["by_text", "by_date", "for_ever"].map((name) => keys.find(({ id }) => id === name));
  assert.deepEqual([first.expires_at, second.expires_at, third.expires_at], [at, at, undefined]);
  assert.deepEqual([first.created_at, second.created_at, third.created_at], [at, at, at]);
  refused(() => engine.apply(key("by_number", moment)), "wrong_type", "/expires_at", engine);
  refused(() => engine.apply({ type: "expire_api_key", key: "for_ever", expires_at: undefined }), "missing_field", "", engine);
  const [one, ...others] = [at, new Date(at), moment].map((issuedAt) => Buffer.from(engine.toSnapshot({ issuedAt })));
  for (const other of others) assert.deepEqual(other, one);
  assert.equal(Bailiwick.fromSnapshot(one).issuedAt, at);
});

test("a clock that throws, or gives no time", () => {
  const { now } = Date;
  const fail = () => {
    throw new Error("mine");
  };
  const request = { principal: actor, action: "file.read", resource: "project:prj_a" };
  for (const clock of [fail, () => NaN, () => 1n, () => Symbol("x"), () => ({ valueOf: fail }), () => "x"]) {
    const engine = load();
    const ageless = Bailiwick.fromDirectory({ ...document, max_age_seconds: null });
    ageless.apply({ type: "create_api_key", project: "prj_a", key: "key_ends", expires_at: "2027-01-01T00:00:00Z", digest: hash("x") }, { at });
    const calls = [
      () => engine.apply(addition("usr_new")),
      () => engine.preview(addition("usr_newer")),
      () => engine.checkAccess(request),
      () => engine.checkMany([request]),
      () => engine.listProjects({ principal: actor }),
      () => engine.listActions({ principal: actor, resource: "project:prj_a" }),
      () => engine.isAllowed(actor, "file.read", "project:prj_a"),
      () => ageless.checkAccess({ ...request, principal: "api_key:key_ends" }),
      () => ageless.checkMany([{ ...request, principal: "api_key:key_ends" }]),
      () => ageless.isAllowed("api_key:key_ends", "file.read", "project:prj_a"),
      () => ageless.checkAccess({ ...request, max_age_seconds: 60 }),
      () => ageless.listProjects({ principal: actor }),
    ];
    try {
      Date.now = clock;
      for (const call of calls) assert.throws(call, undefined, String(call));
      // Where it does not matter when somebody asks, nobody looks.
      assert.equal(ageless.isAllowed(actor, "file.read", "project:prj_a"), true);
      assert.equal(ageless.checkAccess(request).allowed, true);
      assert.equal(ageless.checkMany([request, request])[1].allowed, true);
    } finally {
      Date.now = now;
    }
    assert.deepEqual(foreign(calls), [], `after a clock that does ${clock}`);
  }
});

test("an engine says how long it answers: to that instant, and not a millisecond longer", () => {
  const of = (fields) => Bailiwick.fromDirectory({ ...document, issued_at: null, max_age_seconds: null, ...fields });
  const owner = { principal: "user:usr_ada", action: "billing.read", resource: "organization:org_acme" };
  for (const [issued_at, max_age_seconds, wanted] of [
    ["2026-02-01T12:00:00Z", 300, "2026-02-01T12:05:00Z"],
    ["2026-02-01T13:00:00.5+01:00", 0, "2026-02-01T12:00:00.5Z"],
    ["2026-02-01T12:00:00Z", null, null],
    [null, 300, null],
    ["9999-12-31T23:59:59Z", 1, null],
    ["2026-02-01T12:00:00Z", Number.MAX_SAFE_INTEGER, null],
  ]) {
    const engine = of({ issued_at, max_age_seconds });
    assert.equal(engine.freshUntil, wanted);
    const end = wanted === null ? Date.parse("9999-12-31T23:59:59.999Z") : Date.parse(wanted);
    assert.notEqual(engine.checkAccess({ ...owner, at: end }).reason, "snapshot_stale");
    if (wanted !== null) assert.equal(engine.checkAccess({ ...owner, at: end + 1 }).reason, "snapshot_stale");
    const copy = Bailiwick.fromSnapshot(engine.toSnapshot(), { at: end });
    assert.equal(copy.freshUntil, wanted);
  }
  const delta = (() => {
    const central = of({});
    central.toSnapshot();
    return [Bailiwick.fromSnapshot(central.toSnapshot()), central.toDelta(central.revision, { issuedAt: "2026-02-01T12:00:00Z", maxAgeSeconds: 60 })];
  })();
  delta[0].applyDelta(delta[1]);
  assert.equal(delta[0].freshUntil, "2026-02-01T12:01:00Z");
});
