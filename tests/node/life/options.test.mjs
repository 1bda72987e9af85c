// Options: absent, misspelt, inherited, or of the wrong type.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Bailiwick, newApiKey } from "bailiwick";

import { at, actor, signingKey, publicKey, load, guard, addition, removal, refused } from "./scene.mjs";

test("options that are left out, undefined or null", () => {
  const engine = load();
  engine.toSnapshot();
  const absent = (value) => ({ at: value, expectedRevision: value });
  for (const options of [undefined, null, {}, absent(undefined), absent(null)]) {
    const { revision } = engine;
    assert.equal(engine.preview(addition("usr_new"), options).revision, revision + 1);
    assert.equal(engine.apply(addition("usr_new"), options), revision + 1);
    assert.equal(engine.apply(removal("usr_new"), options), revision + 2);
  }
  assert.equal(engine.apply({ ...addition("usr_new"), role: undefined }), engine.revision);
  assert.equal(engine.apply({ ...addition("usr_newer"), role: null }), engine.revision);
  const plain = engine.toSnapshot();
  assert.deepEqual(engine.toSnapshot({ digests: undefined }), plain);
  const unsigned = (value) => ({ signingKey: value, issuedAt: value, maxAgeSeconds: value });
  for (const options of [null, {}, unsigned(undefined), unsigned(null)]) {
    assert.deepEqual(engine.toSnapshot(options), plain);
    assert.deepEqual(engine.toDelta(engine.revision, options), engine.toDelta(engine.revision));
  }
  for (const options of [undefined, null, {}]) {
    assert.equal(Bailiwick.fromSnapshot(plain, options).revision, engine.revision);
    assert.equal(engine.applyDelta(engine.toDelta(engine.revision), options), engine.revision);
    assert.match(newApiKey(options).secret, /^bw_/);
  }
  assert.match(newApiKey({ prefix: null }).secret, /^bw_/);
  assert.match(newApiKey({ prefix: undefined }).secret, /^bw_/);
});

test("an actor or public key that is named has to have a value", () => {
  const engine = load();
  const bytes = engine.toSnapshot();
  const delta = engine.toDelta(engine.revision);
  const nothing = (name) => [
    { [name]: undefined },
    { [name]: null },
    Object.create({ [name]: "user:usr_own" }),
    Object.create({ [name]: undefined }),
    Object.assign(Object.create({ [name]: new Uint8Array(32) }), { at: undefined }),
    Object.defineProperty({}, name, { value: "user:usr_own", enumerable: false }),
    Object.defineProperty({}, name, { get: () => undefined, enumerable: true }),
    Object.defineProperty({}, name, { get: () => undefined, enumerable: false }),
    new (class {
      get [name]() {
        return "user:usr_own";
      }
    })(),
    new Proxy({}, { has: (_, asked) => asked === name }),
    new Proxy({}, { has: () => { throw new Error("no"); } }),
  ];
  for (const options of nothing("actor")) {
    refused(() => engine.apply(addition("usr_new"), options), "wrong_type", "/actor", engine);
    refused(() => engine.preview(addition("usr_new"), options), "wrong_type", "/actor", engine);
  }
  for (const [name, path] of [["publicKey", "/publicKey"], ["publicKeys", "/publicKeys"]]) {
    for (const options of nothing(name).slice(0, -1)) {
      refused(() => Bailiwick.fromSnapshot(bytes, options), "wrong_type", path);
      refused(() => engine.applyDelta(delta, options), "wrong_type", path, engine);
    }
  }
  for (const publicKeys of [[], [null], [undefined], [new Uint8Array(31)], "key", new Uint8Array(32), { 0: new Uint8Array(32), length: 1 }, new Array(5000)]) {
    assert.throws(() => Bailiwick.fromSnapshot(bytes, { publicKeys }), (error) => error.code === "wrong_type" && error.path.startsWith("/publicKeys"));
  }
  // A prototype that somebody has spoilt names an actor for every object: nothing is changed in its name, nor in the platform's.
  Object.prototype.actor = "user:usr_own";
  try {
    refused(() => engine.apply(addition("usr_new"), {}), "wrong_type", "/actor", engine);
  } finally {
    delete Object.prototype.actor;
  }
  assert.equal(engine.apply(addition("usr_new"), Object.create(null)), engine.revision);
  assert.ok(Bailiwick.fromSnapshot(bytes, Object.create(null)));
});

test("numbers of seconds are refused as instants", () => {
  const engine = load();
  engine.apply({ type: "revoke_api_key", key: "key_ci" }, { at: "2026-02-01T12:00:00Z" });
  const seconds = [1_777_636_800, Date.parse("2026-02-02T00:00:00Z") / 1000, 0, -0, -1_777_636_800, 1, 99_999_999_999, 99_999_999_999.9, -99_999_999_999, NaN, Infinity];
  const [principal, action, resource] = ["api_key:key_ci", "file.read", "project:prj_a"];
  for (const at of seconds) {
    // Of a principal for whom time does not matter, too, and however often it is asked.
    for (const who of [principal, "user:usr_dan", "user:nobody", principal]) {
      refused(() => engine.isAllowed(who, action, resource, at), "invalid_timestamp", "/at");
      refused(() => engine.isAllowed({ principal: who, action, resource, at }), "invalid_timestamp", "/at");
      refused(() => engine.checkAccess({ principal: who, action, resource, at }), "invalid_timestamp", "/at");
      refused(() => engine.checkMany([{ principal: who, action, resource }, { principal: who, action, resource, at }]), "invalid_timestamp", "/1/at");
      refused(() => engine.listProjects({ principal: who, at }), "invalid_timestamp", "/at");
      refused(() => engine.listActions({ principal: who, resource, at }), "invalid_timestamp", "/at");
      assert.equal(engine.attributeMany([{ principal: who, kind: "file", at }])[0].reason, "invalid_timestamp");
    }
    refused(() => engine.listResources({ principal, action, at }), "invalid_timestamp", "/at");
    refused(() => engine.listPrincipals({ action, resource, at }), "invalid_timestamp", "/at");
    refused(() => engine.attribute({ principal, kind: "file", at }), "invalid_timestamp", "/at");
    refused(() => engine.apply(addition("usr_new"), { at }), "invalid_timestamp", "/at", engine);
    refused(() => engine.preview(addition("usr_new"), { at }), "invalid_timestamp", "/at", engine);
    refused(() => engine.toSnapshot({ issuedAt: at }), "invalid_timestamp", "/issuedAt", engine);
    refused(() => engine.toDelta(engine.revision, { issuedAt: at }), "invalid_timestamp", "/issuedAt", engine);
    refused(() => Bailiwick.fromSnapshot(engine.toSnapshot(), { at }), "invalid_timestamp", "/at");
    refused(() => engine.applyDelta(engine.toDelta(engine.revision), { at }), "invalid_timestamp", "/at", engine);
    const request = { subject: { type: "user", id: "usr_dan" }, action: { name: action }, resource: { type: "project", id: "prj_a" } };
    refused(() => engine.authzen("access_evaluation", request, { at }), "invalid_timestamp", "/at", engine);
  }
  for (const at of [1e11, -1e11, Date.parse(engine.freshUntil ?? "2026-02-01T12:00:00Z"), new Date(0), new Date(1_777_636_800)]) {
    assert.equal(engine.isAllowed("user:usr_dan", action, resource, at), true);
  }
  assert.equal(engine.isAllowed(principal, action, resource, Date.parse("2026-02-02T00:00:00Z")), false);
});

test("options of the wrong type", () => {
  for (const bad of [5, "actor", true, [], [actor], () => ({}), Symbol("x"), 1n, new Map(), new Set(), new Date(), signingKey]) {
    for (const call of [
      () => guard.apply(addition("usr_new"), bad),
      () => guard.preview(addition("usr_new"), bad),
      () => guard.toSnapshot(bad),
      () => guard.toDelta(guard.revision, bad),
      () => guard.applyDelta(new Uint8Array(1), bad),
      () => Bailiwick.fromSnapshot(new Uint8Array(1), bad),
      () => newApiKey(bad),
    ]) {
      refused(call, "wrong_type", "");
    }
  }
});

test("unknown options", () => {
  const delta = guard.toDelta(guard.revision);
  refused(() => guard.apply(addition("usr_new"), { acotr: actor }), "unknown_field", "/acotr");
  refused(() => guard.apply(addition("usr_new"), { Actor: actor }), "unknown_field", "/Actor");
  refused(() => guard.preview(addition("usr_new"), { expectedRevison: 1 }), "unknown_field", "/expectedRevison");
  refused(() => guard.apply(addition("usr_new"), { signingKey }), "unknown_field", "/signingKey");
  // Python's spelling, which might otherwise take the place of JavaScript's own without a word.
  refused(() => guard.apply(addition("usr_new"), { expectedRevision: 1, expected_revision: guard.revision }), "unknown_field", "/expected_revision");
  refused(() => guard.toSnapshot({ max_age_seconds: 1 }), "unknown_field", "/max_age_seconds");
  refused(() => guard.toSnapshot({ signing_key: signingKey }), "unknown_field", "/signing_key");
  refused(() => guard.toSnapshot({ publicKey }), "unknown_field", "/publicKey");
  refused(() => guard.toSnapshot({ digest: false }), "unknown_field", "/digest");
  refused(() => guard.toDelta(guard.revision, { digests: false }), "unknown_field", "/digests");
  for (const options of [{ publickey: publicKey }, { public_key: publicKey }, { key: publicKey }, { publicKey, digests: true }]) {
    const path = `/${Object.keys(options).at(-1)}`;
    refused(() => Bailiwick.fromSnapshot(guard.toSnapshot({ signingKey }), options), "unknown_field", path);
    refused(() => guard.applyDelta(delta, options), "unknown_field", path);
  }
  refused(() => newApiKey({ prefx: "x" }), "unknown_field", "/prefx");
});

test("option values of the wrong type", () => {
  for (const bad of [1, true, [], () => {}, Symbol("x"), 1n, NaN]) refused(() => guard.apply(addition("usr_new"), { actor: bad }), "wrong_type", "/actor");
  refused(() => guard.apply(addition("usr_new"), { actor: "ada" }), "invalid_reference", "/actor");
  refused(() => guard.apply(addition("usr_new"), { actor: "user:\ud800" }), "invalid_id", "/actor");
  refused(() => guard.apply(addition("usr_new"), { actor: {} }), "missing_field", "/actor");
  for (const bad of [true, [], {}, 1n]) refused(() => guard.apply(addition("usr_new"), { at: bad }), "wrong_type", "/at");
  for (const bad of [NaN, Infinity, 1e300, new Date(NaN), "today"]) refused(() => guard.apply(addition("usr_new"), { at: bad }), "invalid_timestamp", "/at");
  for (const bad of [-1, 1.5, "42", NaN, true, 1n, []]) refused(() => guard.apply(addition("usr_new"), { expectedRevision: bad }), "wrong_type", "/expectedRevision");
  refused(() => guard.apply(addition("usr_new"), { expectedRevision: 2 ** 53 }), "limit_exceeded", "/expectedRevision");
  refused(() => guard.apply(addition("usr_new"), { expectedRevision: guard.revision + 1 }), "revision_conflict", "/expectedRevision");
  for (const bad of [null, 0, 1, "", "false", []]) refused(() => guard.toSnapshot({ digests: bad }), "wrong_type", "/digests");
  for (const bad of [-1, 0.5, "60", Infinity, true]) refused(() => guard.toSnapshot({ maxAgeSeconds: bad }), "wrong_type", "/maxAgeSeconds");
  refused(() => guard.toDelta(guard.revision, { issuedAt: "now" }), "invalid_timestamp", "/issuedAt");
  for (const bad of [undefined, null, "0", 1.5, -1, NaN, 1n, [], {}, true]) refused(() => guard.toDelta(bad), "wrong_type", "/since");
  refused(() => guard.toDelta(), "wrong_type", "/since");
  refused(() => guard.toDelta(2 ** 53), "limit_exceeded", "/since");
  refused(() => guard.toDelta(0), "delta_gap", "/since");
});
