// Changes, listings, keys, snapshots and deltas: what only JavaScript can send. Whatever it is, the answer is a BailiwickError, nothing has
// changed, and the engine goes on.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { Bailiwick, BailiwickError, isBailiwickError, newApiKey, publicKeyOf } from "bailiwick";
import fc from "fast-check";

const document = JSON.parse(readFileSync(new URL("../directories/acme.json", import.meta.url), "utf8"));
const at = "2026-02-01T12:00:00Z";
const actor = "user:usr_ada";
const signingKey = Uint8Array.from({ length: 32 }, (_, index) => index);
const publicKey = publicKeyOf(signingKey);
const load = () => Bailiwick.fromDirectory(document);
const guard = load();
const addition = (user) => ({ type: "add_collaborator", project: "prj_a", user });
const removal = (user) => ({ type: "remove_collaborator", project: "prj_a", user });
const hash = (text) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

/** Everything that an engine holds. */
const state = (engine) => Buffer.from(engine.toSnapshot()).toString("base64");

/** The call fails with this code and path, and the engine is what it was, and goes on. */
function refused(call, code, path, engine = guard) {
  const before = state(engine);
  let thrown;
  assert.throws(call, (error) => {
    thrown = error;
    assert.ok(error instanceof BailiwickError && error instanceof Error && isBailiwickError(error), String(error?.stack ?? error));
    assert.equal(error.name, "BailiwickError");
    assert.ok(error.message.length > 0 && error.message.length < 500 && error.stack);
    assert.deepEqual([error.code, error.path], [code, path], error.message);
    assert.equal(Object.hasOwn(error, "decision"), code === "forbidden");
    return true;
  });
  assert.equal(state(engine), before, "nothing has changed");
  works(engine);
  return thrown;
}

/** A change there and back. */
function works(engine) {
  const { revision } = engine;
  assert.equal(engine.apply(addition("usr_there_and_back"), { actor, at }), revision + 1);
  assert.equal(engine.isAllowed("user:usr_there_and_back", "file.read", "project:prj_a", at), true);
  assert.equal(engine.apply(removal("usr_there_and_back")), revision + 2);
  assert.equal(engine.isAllowed("user:usr_there_and_back", "file.read", "project:prj_a", at), false);
}

/** What is thrown that is no BailiwickError, by the calls that throw it. */
function foreign(calls) {
  return calls.flatMap((call) => {
    try {
      call();
    } catch (error) {
      if (!(error instanceof BailiwickError)) return [`${call}: ${error}`];
    }
    return [];
  });
}

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

test("an actor and public keys that are named have to be there", () => {
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

test("numbers of seconds are no instants", () => {
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

test("any text is a secret of somebody or nobody, however long", () => {
  const engine = load();
  const long = "s".repeat(5000);
  engine.apply({ type: "create_api_key", project: "prj_a", key: "key_long", digest: hash(long) });
  assert.deepEqual(engine.authenticate(long), { type: "api_key", id: "key_long" });
  for (const text of ["x".repeat(100_000_000), "x".repeat((1 << 20) + 1), "é".repeat(1 << 20), `${"x".repeat(2_000_000)}\ud800`]) {
    assert.equal(engine.authenticate(text), null);
  }
});

test("options that are no options", () => {
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

test("options that do not exist", () => {
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

test("the wrong sort of value in an option", () => {
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

test("instants in every form that JavaScript has", () => {
  const engine = load();
  const moment = Date.parse(at);
  const key = (name, expires_at) => ({ type: "create_api_key", project: "prj_a", key: name, digest: hash(name), expires_at });
  engine.apply(key("by_text", at), { at });
  engine.apply(key("by_date", new Date(at)), { at: new Date(at) });
  engine.apply(key("for_ever", undefined), { at: moment + 0.9 });
  const [first, second, third] = engine.toDirectory().organizations[0].projects[1].api_keys.slice(-3);
  assert.deepEqual([first.expires_at, second.expires_at, third.expires_at], [at, at, undefined]);
  assert.deepEqual([first.created_at, second.created_at, third.created_at], [at, at, at]);
  refused(() => engine.apply(key("by_number", moment)), "wrong_type", "/expires_at", engine);
  refused(() => engine.apply({ type: "expire_api_key", key: "for_ever", expires_at: undefined }), "missing_field", "", engine);
  const [one, ...others] = [at, new Date(at), moment].map((issuedAt) => Buffer.from(engine.toSnapshot({ issuedAt })));
  for (const other of others) assert.deepEqual(other, one);
  assert.equal(Bailiwick.fromSnapshot(one).issuedAt, at);
});

test("changes that are no changes", () => {
  for (const bad of [undefined, null, 5, "add_member", [], [addition("usr_new")], () => {}, Symbol("x"), new Map(), new Date()]) {
    refused(() => guard.apply(bad), "wrong_type", "");
    refused(() => guard.preview(bad), "wrong_type", "");
  }
  refused(() => guard.apply(), "wrong_type", "");
  refused(() => guard.apply({}), "missing_field", "");
  refused(() => guard.apply(Object.create(addition("usr_new"))), "missing_field", "");
  refused(() => guard.apply({ ...addition("usr_new"), user: undefined }), "missing_field", "");
  refused(() => guard.apply({ ...addition("usr_new"), user: "\ud800" }), "invalid_id", "/user");
  refused(() => guard.apply({ ...addition("usr_new"), rôle: "admin" }), "unknown_field", "/rôle");
  refused(() => guard.apply({ ...addition("usr_new"), "\ud800": "admin" }), "wrong_type", "");
  refused(() => guard.apply({ type: "add_collaborator\ud800" }), "wrong_type", "/type");
  for (const bad of [0, 1, "true", "", null, [], {}, new Boolean(true)]) {
    refused(() => guard.apply({ type: "set_external_collaborators", project: "prj_a", allowed: bad }), "wrong_type", "/allowed");
  }
  try {
    Object.prototype.role = "admin";
    guard.apply(addition("usr_polluted"));
    assert.equal(guard.isAllowed("user:usr_polluted", "collaborators.add", "project:prj_a", at), false);
  } finally {
    delete Object.prototype.role;
  }
  class Addition {
    type = "add_collaborator";
    project = "prj_a";
    user = "usr_class";
  }
  assert.equal(guard.apply(new Addition()), guard.revision);
});

test("getters and proxies that throw", () => {
  const thrower = (object, name) => Object.defineProperty({ ...object }, name, { enumerable: true, get() { throw new Error("mine"); } });
  refused(() => guard.apply(thrower(addition("usr_new"), "user")), "wrong_type", "/user");
  refused(() => guard.apply(thrower(addition("usr_new"), "type")), "wrong_type", "/type");
  refused(() => guard.apply(addition("usr_new"), thrower({}, "actor")), "wrong_type", "/actor");
  refused(() => guard.preview(addition("usr_new"), thrower({}, "at")), "wrong_type", "/at");
  refused(() => guard.toSnapshot(thrower({}, "signingKey")), "wrong_type", "/signingKey");
  refused(() => guard.toSnapshot(thrower({}, "digests")), "wrong_type", "/digests");
  refused(() => Bailiwick.fromSnapshot(guard.toSnapshot(), thrower({}, "publicKey")), "wrong_type", "/publicKey");
  refused(() => guard.applyDelta(guard.toDelta(guard.revision), thrower({}, "publicKey")), "wrong_type", "/publicKey");
  refused(() => newApiKey(thrower({}, "prefix")), "wrong_type", "/prefix");
  refused(() => guard.listProjects(thrower({ principal: actor }, "limit")), "wrong_type", "/limit");
  const seen = [];
  for (const trap of ["ownKeys", "getPrototypeOf", "getOwnPropertyDescriptor", "get", "has"]) {
    const hostile = (target) => new Proxy(target, { [trap]() { throw new Error("mine"); } });
    // What a proxy does not refuse may succeed.
    const thrown = foreign([
      () => guard.apply(hostile(addition("usr_proxy"))),
      () => guard.apply(addition("usr_proxy"), hostile({ actor: "user:nobody" })),
      () => guard.toSnapshot(hostile({ signingKey: 5 })),
      () => guard.toDelta(guard.revision, hostile({ signingKey: 5 })),
      () => Bailiwick.fromSnapshot(hostile(guard.toSnapshot())),
      () => guard.applyDelta(hostile(guard.toDelta(guard.revision))),
      () => publicKeyOf(hostile(signingKey)),
      () => newApiKey(hostile({ prefix: "-" })),
      () => guard.listActions(hostile({ principal: actor })),
      () => guard.authenticate(hostile({})),
      // But verification is not turned off: nobody has signed these.
      () => assert.throws(() => Bailiwick.fromSnapshot(guard.toSnapshot(), hostile({ publicKey })), BailiwickError),
      () => assert.throws(() => guard.applyDelta(guard.toDelta(guard.revision), hostile({ publicKey })), BailiwickError),
    ]);
    seen.push(...thrown.map((fault) => `${trap}: ${fault}`));
    works(guard);
  }
  assert.deepEqual(seen, []);
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  refused(() => guard.apply(proxy), "wrong_type", "");
  refused(() => guard.apply(addition("usr_new"), proxy), "wrong_type", "");
  assert.deepEqual(foreign([() => Bailiwick.fromSnapshot(guard.toSnapshot(), proxy), () => guard.toSnapshot(proxy)]), []);
  refused(() => Bailiwick.fromSnapshot(proxy), "wrong_type", "");
});

test("getters that use the engine while it reads them", () => {
  const engine = load();
  const { revision } = engine;
  const within = (object, name, value, action) => Object.defineProperty({ ...object }, name, { enumerable: true, get() { action(); return value; } });
  // The inner change is made first, and the outer one sees it.
  assert.equal(engine.apply(within(addition("usr_outer"), "user", "usr_outer", () => engine.apply(addition("usr_inner")))), revision + 2);
  assert.throws(() => engine.apply(within(addition("usr_again"), "user", "usr_again", () => engine.apply(addition("usr_again")))), { code: "already_exists", path: "/user" });
  assert.equal(engine.revision, revision + 3);
  const early = within({ expectedRevision: engine.revision }, "at", at, () => engine.apply(addition("usr_early")));
  assert.throws(() => engine.apply(addition("usr_late"), early), { code: "revision_conflict" });
  // The actor loses what the change needs while the change is being read.
  const demotion = () => engine.apply({ type: "set_collaborator_role", project: "prj_a", user: "usr_cleo", role: "member" });
  assert.equal(engine.preview(addition("usr_x"), { actor: "user:usr_cleo", at }).revision, engine.revision + 1);
  assert.throws(() => engine.apply(within(addition("usr_x"), "user", "usr_x", demotion), { actor: "user:usr_cleo", at }), { code: "forbidden", path: "/actor" });
  engine.toSnapshot(within({}, "signingKey", signingKey, () => engine.apply(addition("usr_signed"))));
  assert.equal(engine.isAllowed("user:usr_signed", "file.read", "project:prj_a", at), true);
  const page = engine.listProjects(within({ principal: "user:usr_paged" }, "at", at, () => engine.apply(addition("usr_paged"))));
  assert.deepEqual(page.items, ["prj_a"]);
  const delta = engine.toDelta(engine.revision);
  const verifying = within({}, "publicKey", publicKey, () => engine.apply(addition("usr_delta")));
  assert.throws(() => engine.applyDelta(delta, verifying), { code: "signature_missing" });
  works(engine);
});

test("setters that use the engine while it writes an answer, or throw", () => {
  const names = ["allowed", "items", "revision", "secret", "decision", "type"];
  const calls = (engine) => [
    () => engine.checkAccess({ principal: actor, action: "file.read", resource: "project:prj_a", at }),
    () => engine.checkMany([{ principal: actor, action: "file.read", resource: "project:prj_a", at }]),
    () => engine.attribute({ principal: actor, kind: "file", at }),
    () => engine.listProjects({ principal: actor, at }),
    () => engine.preview(addition("usr_new"), { at }),
    () => engine.apply(addition("usr_new"), { actor: "user:usr_dan", at }),
    () => engine.authenticate("chat"),
    () => engine.toDirectory(),
    () => newApiKey(),
  ];
  for (const fails of [false, true]) {
    for (const name of names) {
      const engine = load();
      const set = () => {
        if (fails) throw new Error("mine");
        // Nobody can change what is just being answered from; that they are told so is all right.
        foreign([() => engine.apply(addition("usr_setter"))]);
      };
      Object.defineProperty(Object.prototype, name, { configurable: true, set });
      try {
        for (const call of calls(engine)) {
          try {
            call();
          } catch (error) {
            assert.ok(error instanceof Error);
          }
        }
      } finally {
        delete Object.prototype[name];
      }
      const gone = foreign([() => engine.apply(addition("usr_after")), () => engine.revision]);
      assert.deepEqual(gone, [], `after a setter of ${name} that ${fails ? "throws" : "uses the engine"}`);
      works(engine);
    }
  }
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

test("bytes in every form that JavaScript has", () => {
  const engine = load();
  const signed = engine.toSnapshot({ signingKey });
  assert.equal(Object.prototype.toString.call(signed), "[object Uint8Array]");
  assert.equal(signed.byteOffset, 0);
  assert.equal(signed.buffer.byteLength, signed.length, "not a view of the engine's memory");
  const padded = (bytes) => {
    const buffer = new Uint8Array(bytes.length + 20).fill(0xff);
    buffer.set(bytes, 7);
    return buffer.subarray(7, 7 + bytes.length);
  };
  const shared = (bytes) => {
    const view = new Uint8Array(new SharedArrayBuffer(bytes.length + 3), 3);
    view.set(bytes);
    return view;
  };
  const resizable = (bytes) => {
    const view = new Uint8Array(new ArrayBuffer(bytes.length, { maxByteLength: bytes.length * 2 }));
    view.set(bytes);
    return view;
  };
  const elsewhere = (bytes) => runInNewContext("Uint8Array.from(bytes)", { bytes: [...bytes] });
  class Bytes extends Uint8Array {}
  const forms = [
    (bytes) => bytes,
    padded,
    shared,
    resizable,
    elsewhere,
    (bytes) => elsewhere(bytes).buffer,
    (bytes) => Buffer.from(bytes),
    (bytes) => Buffer.concat([Buffer.of(1), bytes]).subarray(1),
    (bytes) => bytes.slice().buffer,
    (bytes) => Bytes.from(bytes),
  ];
  for (const form of forms) {
    const options = { publicKey: form(publicKey) };
    const copy = Bailiwick.fromSnapshot(form(signed), options);
    assert.equal(state(copy), state(engine));
    assert.deepEqual(engine.toSnapshot({ signingKey: form(signingKey) }), signed);
    assert.deepEqual(publicKeyOf(form(signingKey)), publicKey);
    assert.equal(copy.applyDelta(form(engine.toDelta(engine.revision, { signingKey: form(signingKey) })), options), engine.revision);
  }
});

test("what is no bytes", () => {
  const engine = load();
  const signed = engine.toSnapshot({ signingKey });
  const others = [
    ...[undefined, null, 0, "", "bytes", true, {}, [], [...signingKey], () => {}, Symbol("x"), 1n, new Map(), new Date(), new String("bytes")],
    ...[Int8Array, Uint8ClampedArray, Uint16Array, Int32Array, Float32Array, Float64Array, BigUint64Array, DataView].map((Kind) => new Kind(new ArrayBuffer(32))),
    new SharedArrayBuffer(32),
    { length: 32, byteLength: 32, buffer: signingKey.buffer },
    { [Symbol.toStringTag]: "Uint8Array" },
    { [Symbol.toStringTag]: "ArrayBuffer", byteLength: 32 },
    Object.create(Uint8Array.prototype),
    Object.create(ArrayBuffer.prototype),
    Object.create(signingKey),
    new Proxy(signingKey, {}),
  ];
  for (const bad of others) {
    refused(() => Bailiwick.fromSnapshot(bad), "wrong_type", "", engine);
    refused(() => engine.applyDelta(bad), "wrong_type", "", engine);
    refused(() => publicKeyOf(bad), "wrong_type", "/signingKey", engine);
    // A public key that is named has to be there: a variable that is not set must not turn verification off.
    refused(() => Bailiwick.fromSnapshot(signed, { publicKey: bad }), "wrong_type", "/publicKey", engine);
    refused(() => engine.applyDelta(engine.toDelta(engine.revision), { publicKey: bad }), "wrong_type", "/publicKey", engine);
    if (bad === undefined || bad === null) assert.deepEqual(engine.toSnapshot({ signingKey: bad }), engine.toSnapshot());
    else {
      refused(() => engine.toSnapshot({ signingKey: bad }), "wrong_type", "/signingKey", engine);
      refused(() => engine.toDelta(engine.revision, { signingKey: bad }), "wrong_type", "/signingKey", engine);
    }
  }
  refused(() => Bailiwick.fromSnapshot(), "wrong_type", "", engine);
  refused(() => engine.applyDelta(), "wrong_type", "", engine);
  refused(() => publicKeyOf(), "wrong_type", "/signingKey", engine);
  for (const length of [0, 1, 31, 33, 64]) {
    const key = new Uint8Array(length);
    refused(() => publicKeyOf(key), "wrong_type", "/signingKey", engine);
    refused(() => engine.toSnapshot({ signingKey: key }), "wrong_type", "/signingKey", engine);
    refused(() => engine.toDelta(engine.revision, { signingKey: key.buffer }), "wrong_type", "/signingKey", engine);
    refused(() => Bailiwick.fromSnapshot(signed, { publicKey: key }), "wrong_type", "/publicKey", engine);
    refused(() => engine.applyDelta(engine.toDelta(engine.revision), { publicKey: key.buffer }), "wrong_type", "/publicKey", engine);
  }
  for (const length of [0, 1, 7, 8, 100, 10_000]) {
    refused(() => Bailiwick.fromSnapshot(new Uint8Array(length)), "snapshot_corrupt", "", engine);
    refused(() => engine.applyDelta(new Uint8Array(length)), "snapshot_corrupt", "", engine);
  }
  refused(() => Bailiwick.fromSnapshot(engine.toDelta(engine.revision)), "snapshot_corrupt", "", engine);
  refused(() => engine.applyDelta(signed), "snapshot_corrupt", "", engine);
});

test("a public key that options inherit is not overlooked", () => {
  const engine = load();
  class Settings {
    get publicKey() {
      return publicKey;
    }
  }
  for (const options of [Object.create({ publicKey }), new Settings(), new Proxy({}, { get: () => publicKey, has: () => true })]) {
    assert.throws(() => Bailiwick.fromSnapshot(engine.toSnapshot(), options), BailiwickError, "nobody has signed this");
    assert.throws(() => engine.applyDelta(engine.toDelta(engine.revision), options), BailiwickError, "nobody has signed this");
  }
});

test("buffers that have been taken away, and bytes whose own properties lie or throw", () => {
  const engine = load();
  const detached = (bytes) => {
    const copy = bytes.slice();
    structuredClone(copy.buffer, { transfer: [copy.buffer] });
    return copy;
  };
  const shrunk = (length) => {
    const buffer = new ArrayBuffer(length, { maxByteLength: length });
    const view = new Uint8Array(buffer, 1);
    const fixed = new Uint8Array(buffer, 1, length - 1);
    buffer.resize(0);
    return [view, fixed];
  };
  const lying = (name, descriptor) => Object.defineProperty(signingKey.slice(), name, descriptor);
  const fail = () => {
    throw new Error("mine");
  };
  const bad = [
    detached(signingKey),
    detached(signingKey).buffer,
    ...shrunk(32),
    lying("buffer", { get: fail }),
    lying("buffer", { value: {} }),
    lying("byteLength", { value: 1e9 }),
    lying("byteLength", { value: 31 }),
    lying("byteOffset", { value: -1 }),
    lying(Symbol.toStringTag, { get: fail }),
  ];
  const seen = [];
  for (const [index, key] of bad.entries()) {
    const thrown = foreign([
      () => Bailiwick.fromSnapshot(key),
      () => engine.applyDelta(key),
      () => publicKeyOf(key),
      () => engine.toSnapshot({ signingKey: key }),
      () => engine.toDelta(engine.revision, { signingKey: key }),
      // Whatever it is taken for, it is not taken for no key at all.
      () => assert.throws(() => Bailiwick.fromSnapshot(engine.toSnapshot(), { publicKey: key }), BailiwickError),
      () => assert.throws(() => engine.applyDelta(engine.toDelta(engine.revision), { publicKey: key }), BailiwickError),
    ]);
    seen.push(...thrown.map((fault) => `${index}: ${fault}`));
    works(engine);
  }
  assert.deepEqual(seen, []);
});

test("bytes that change after the call do not matter", () => {
  const engine = load();
  const key = signingKey.slice();
  const verifier = publicKey.slice();
  const signed = engine.toSnapshot({ signingKey: key });
  const bytes = signed.slice();
  const copy = Bailiwick.fromSnapshot(bytes, { publicKey: verifier });
  key.fill(0);
  verifier.fill(0);
  bytes.fill(0);
  assert.equal(state(copy), state(engine));
  assert.deepEqual(copy.toSnapshot({ signingKey }), signed);
  engine.apply(addition("usr_new"));
  const delta = engine.toDelta(copy.revision, { signingKey });
  assert.throws(() => copy.applyDelta(engine.toDelta(copy.revision)), { code: "signature_missing" });
  const sent = delta.slice();
  assert.equal(copy.applyDelta(sent), engine.revision);
  sent.fill(0);
  assert.equal(state(copy), state(engine));
  const written = engine.toSnapshot();
  written.fill(0);
  assert.equal(state(copy), state(engine));
  const change = addition("usr_mutated");
  engine.apply(change);
  change.user = "usr_other";
  const page = engine.listPrincipals({ action: "file.read", resource: "project:prj_a", at });
  page.items.length = 0;
  assert.ok(engine.listPrincipals({ action: "file.read", resource: "project:prj_a", at }).items.includes("user:usr_mutated"));
});

test("a new secret: its form, its digest, and that a typing error is seen", () => {
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const checksum = (text) => {
    let crc = ~0;
    for (const byte of Buffer.from(text)) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    let rest = ~crc >>> 0;
    let written = "";
    for (let digit = 0; digit < 6; digit++, rest = Math.floor(rest / 62)) written = digits[rest % 62] + written;
    return written;
  };
  const engine = load();
  const secrets = new Set();
  for (const prefix of [undefined, "bw", "a", "0", "acme", "abcdefgh01234567"]) {
    for (let count = 0; count < 200; count++) {
      const made = newApiKey(prefix === undefined ? undefined : { prefix });
      assert.deepEqual(Object.keys(made), ["secret", "digest"]);
      const [, start, body, check] = /^([a-z0-9]{1,16})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/.exec(made.secret);
      assert.equal(start, prefix ?? "bw");
      assert.equal(check, checksum(`${start}_${body}`));
      assert.equal(made.digest, hash(made.secret));
      secrets.add(made.secret);
    }
  }
  assert.equal(secrets.size, 1200);
  const occurring = new Set([...secrets].flatMap((secret) => [...secret.split("_")[1].slice(1, 43)]));
  assert.equal(occurring.size, 62, "every digit occurs");
  for (const prefix of ["sk-live", "a_b", "a--_b", "a".repeat(32)]) assert.ok(newApiKey({ prefix }).secret.startsWith(`${prefix}_`));
  for (const prefix of ["", "A", "bw_", "-bw", "ä", "a b", "a".repeat(33), "\ud800", 5, true, [], {}]) refused(() => newApiKey({ prefix }), "wrong_type", "/prefix");

  const { secret, digest } = newApiKey({ prefix: "acme" });
  engine.apply({ type: "create_api_key", project: "prj_a", key: "key_new", digest }, { actor, at });
  assert.deepEqual(engine.authenticate(secret), { type: "api_key", id: "key_new" });
  assert.equal(engine.isAllowed(engine.authenticate(secret), "file.read", "project:prj_a", at), true);
  for (let place = 5; place < secret.length; place++) {
    const mistyped = secret.slice(0, place) + (secret[place] === "x" ? "y" : "x") + secret.slice(place + 1);
    assert.equal(engine.authenticate(mistyped), null);
    // What is registered is found, whatever its checksum.
    engine.apply({ type: "create_api_key", project: "prj_a", key: `key_${place}`, digest: hash(mistyped) });
    assert.deepEqual(engine.authenticate(mistyped), { type: "api_key", id: `key_${place}` });
  }
  for (const plain of ["sk-already-there", "acme_short", "é\u{1f600}", " "]) {
    engine.apply({ type: "create_api_key", project: "prj_a", key: `key ${plain}`, digest: hash(plain) });
    assert.deepEqual(engine.authenticate(plain), { type: "api_key", id: `key ${plain}` });
  }
  for (const nobody of ["", secret.slice(1), `${secret} `, secret.toUpperCase(), "\ud800", digest]) assert.equal(engine.authenticate(nobody), null);
  for (const bad of [undefined, null, 5, {}, [secret], new String(secret), signingKey, Symbol("x"), 1n]) {
    refused(() => engine.authenticate(bad), "wrong_type", "/secret", engine);
  }
  engine.apply({ type: "revoke_api_key", key: "key_new" }, { at });
  assert.equal(engine.checkAccess({ principal: engine.authenticate(secret), action: "file.read", resource: "project:prj_a", at }).reason, "key_revoked");
});

test("a forbidden change says why", () => {
  const error = refused(() => guard.apply(addition("usr_new"), { actor: "user:usr_dan", at }), "forbidden", "/actor");
  const decision = guard.checkAccess({ principal: "user:usr_dan", action: "collaborators.add", resource: "project:prj_a", at });
  assert.deepEqual({ ...error.decision, revision: 0 }, { ...decision, revision: 0 });
  assert.deepEqual([error.decision.allowed, error.decision.reason, error.decision.role], [false, "role_lacks_permission", "member"]);
  assert.equal(Object.getPrototypeOf(error.decision), Object.prototype);
  assert.match(error.stack, /life\.test\.mjs/);
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

test("no secret gets into an error", () => {
  const secret = "bw_s3cret_that_nobody_may_read";
  const changes = [
    { type: "add_member", organization: "org_acme", user: "x" },
    { type: "remove_member", organization: "org_acme", user: "x" },
    { type: "set_member_role", organization: "org_acme", user: "x", role: "admin" },
    { type: "create_project", organization: "org_acme", project: "prj_a", name: "x" },
    addition("x"),
    removal("x"),
    { type: "create_api_key", project: "prj_a", key: "key_ci", digest: hash("x") },
    { type: "expire_api_key", key: "key_none", expires_at: at },
    { type: "revoke_api_key", key: "x" },
    { type: "regenerate_default_key", organization: "org_acme", digest: hash("x") },
    { type: "add_resource", project: "prj_a", resource: "cl_1", kind: "file" },
    { type: "remove_resource", resource: "x" },
  ];
  const attempts = [];
  for (const value of [secret, `user:${secret}`, `${secret}\n`, [secret], { type: secret, id: "x\n" }, { type: "user", id: `${secret}\n` }, { type: "user", id: secret }]) {
    for (const change of changes) {
      for (const field of ["user", "organization", "project", "key", "digest", "resource", "expires_at"].filter((field) => field in change)) {
        const spoilt = { ...change, [field]: value };
        attempts.push(() => load().apply(spoilt), () => load().apply(spoilt, { actor: "user:usr_dan", at }), () => load().preview(spoilt));
      }
    }
    attempts.push(
      () => guard.apply(removal("x"), { actor: value }),
      () => guard.apply(removal("x"), { at: value }),
      () => guard.apply(removal("x"), { expectedRevision: value }),
      () => guard.listProjects({ principal: value, limit: 0 }),
      () => guard.listProjects({ principal: actor, cursor: value }),
      () => guard.listActions({ principal: value, resource: value, surface: "none" }),
      () => guard.authenticate([value]),
      () => newApiKey({ prefix: value }),
      () => publicKeyOf(value),
      () => guard.toSnapshot({ signingKey: value }),
      () => guard.toDelta(value),
      () => guard.applyDelta(Buffer.from(String(value))),
      () => Bailiwick.fromSnapshot(value),
      () => Bailiwick.fromSnapshot(guard.toSnapshot(), { publicKey: value }),
    );
  }
  let failures = 0;
  for (const attempt of attempts) {
    try {
      attempt();
    } catch (error) {
      failures += 1;
      assert.ok(error instanceof BailiwickError, String(error?.stack));
      // The stack shows the message, and places in this file.
      const shown = [String(error), error.stack, error.path, JSON.stringify(error), JSON.stringify(Object.getOwnPropertyDescriptors(error))];
      assert.ok(!shown.some((text) => text.includes("s3cret")), `${attempt}: ${error.code} ${error.message}`);
    }
  }
  assert.ok(failures > attempts.length * 0.9, `${failures} of ${attempts.length}`);
  const key = Buffer.from(signingKey).toString("hex");
  for (const call of [() => guard.toSnapshot({ signingKey: signingKey.subarray(1) }), () => publicKeyOf(Buffer.from(key))]) {
    assert.throws(call, (error) => !/[0-9a-f]{16}|0,1,2/.test(error.message + JSON.stringify(error)));
  }
});

test("whatever is passed, nothing but a BailiwickError is thrown, and nothing changes by half", () => {
  const anything = fc.anything({ withBigInt: true, withBoxedValues: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true, withTypedArray: true, maxDepth: 3 });
  const word = fc.constantFrom(
    ...["add_member", "remove_member", "set_member_role", "create_project", "set_external_collaborators", "add_collaborator", "remove_collaborator"],
    ...["set_collaborator_role", "create_api_key", "revoke_api_key", "expire_api_key", "regenerate_default_key", "add_resource", "remove_resource", "none"],
  );
  const known = fc.constantFrom("org_acme", "prj_a", "usr_dan", "usr_zoe", "key_ci", "cl_1", "admin", "member", "file", at, hash("x"), true);
  const field = fc.constantFrom("organization", "project", "user", "role", "key", "digest", "expires_at", "resource", "kind", "name", "email", "allowed");
  const fields = fc.dictionary(field, fc.oneof({ weight: 4, arbitrary: known }, { weight: 1, arbitrary: anything }), { maxKeys: 4 });
  const change = fc.tuple(word, fields).map(([type, rest]) => ({ type, ...rest }));
  const terms = { actor: fc.oneof(fc.constantFrom(actor, "user:usr_dan"), anything), at: fc.oneof(fc.constant(at), anything), expectedRevision: anything };
  const options = fc.record(terms, { requiredKeys: [] });
  const attempt = (call) => {
    try {
      return call();
    } catch (error) {
      assert.ok(error instanceof BailiwickError, `${call}: ${error?.stack}`);
      return error;
    }
  };
  fc.assert(fc.property(fc.oneof(change, anything), fc.oneof(options, anything), anything, (one, two, three) => {
    const engine = load();
    const { revision } = engine;
    const preview = attempt(() => engine.preview(one, two));
    assert.equal(engine.revision, revision);
    const made = attempt(() => engine.apply(one, two));
    if (made instanceof BailiwickError) assert.deepEqual([engine.revision, preview.code, preview.path], [revision, made.code, made.path]);
    else assert.deepEqual([made, engine.revision, preview.revision], [revision + 1, revision + 1, revision + 1]);
    for (const list of ["listProjects", "listResources", "listPrincipals", "listActions"]) {
      attempt(() => engine[list](three));
      attempt(() => engine[list]({ principal: actor, action: "file.read", resource: "project:prj_a", limit: three, cursor: one }));
      attempt(() => engine[list]({ principal: three, at: one }));
    }
    attempt(() => engine.authenticate(three));
    attempt(() => engine.toSnapshot(three));
    attempt(() => engine.toDelta(three, two));
    attempt(() => engine.applyDelta(three, two));
    attempt(() => Bailiwick.fromSnapshot(three, two));
    attempt(() => publicKeyOf(three));
    attempt(() => newApiKey(three));
    attempt(() => newApiKey({ prefix: three }));
    works(engine);
    engine.free();
  }), { numRuns: 400 });
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

test("the module goes on, however often something throws while it is read", () => {
  const taken = new Uint8Array(32);
  structuredClone(taken.buffer, { transfer: [taken.buffer] });
  const thrower = new Proxy({}, { getOwnPropertyDescriptor() { throw new Error("mine"); } });
  const engine = load();
  const bytes = engine.toSnapshot();
  for (let count = 0; count < 3_000; count++) {
    foreign([
      () => publicKeyOf(taken),
      () => engine.applyDelta(taken),
      () => Bailiwick.fromSnapshot(taken),
      () => Bailiwick.fromSnapshot(bytes, { publicKey: taken }),
      () => Bailiwick.fromSnapshot(bytes.subarray(1), thrower),
      () => Bailiwick.fromDirectory(taken),
      () => engine.toSnapshot(thrower),
      () => engine.apply(thrower, thrower),
    ]);
  }
  assert.deepEqual(foreign([() => load()]), []);
  works(load());
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
