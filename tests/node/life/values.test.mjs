// Changes and arguments of every type, and values that throw while they are read: nothing but a BailiwickError is thrown, and nothing has changed.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Bailiwick, BailiwickError, newApiKey, publicKeyOf } from "bailiwick";
import fc from "fast-check";

import { at, actor, signingKey, publicKey, load, guard, addition, hash, refused, works, foreign } from "./scene.mjs";

test("changes of the wrong type", () => {
  for (const bad of [undefined, null, 5, "add_member", [], [addition("usr_new")], () => {}, Symbol("x"), new Map(), new Date()]) {
    refused(() => guard.apply(bad), "wrong_type", "");
    // A preview takes lists, too.
    if (!Array.isArray(bad)) refused(() => guard.preview(bad), "wrong_type", "");
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

test("whatever is passed, nothing but a BailiwickError is thrown, and nothing changes by half", () => {
  const anything = fc.anything({ withBigInt: true, withBoxedValues: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true, withTypedArray: true, maxDepth: 3 });
  const word = fc.constantFrom(
    ...["add_member", "remove_member", "set_member_role", "create_project", "set_external_collaborators", "add_collaborator", "remove_collaborator"],
    ...["set_collaborator_role", "create_api_key", "revoke_api_key", "expire_api_key", "regenerate_default_key", "add_resource", "remove_resource", "none"],
    ...["put_organization", "put_member", "put_api_key", "remove_user", "remove_organization", "suspend", "resume", "join_project", "leave_project"],
    ...["move_project", "move_resource", "set_policy", "transfer_ownership", "update_organization", "update_api_key", "add_group", "add_group_member"],
  );
  const known = fc.constantFrom("org_acme", "prj_a", "usr_dan", "usr_zoe", "key_ci", "cl_1", "admin", "member", "file", at, hash("x"), true);
  const field = fc.constantFrom("organization", "project", "user", "role", "key", "digest", "expires_at", "resource", "kind", "name", "email", "allowed", "group", "member", "api_key", "policy", "scopes", "projects");
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
  fc.assert(fc.property(fc.oneof(change, fc.array(change, { maxLength: 3 }), anything), fc.oneof(options, anything), anything, (one, two, three) => {
    const engine = load();
    const { revision } = engine;
    const preview = attempt(() => engine.preview(one, two));
    assert.equal(engine.revision, revision);
    const isList = Array.isArray(one);
    const made = attempt(() => (isList ? engine.applyMany(one, two) : engine.apply(one, two)));
    const after = revision + (isList ? one.length : 1);
    if (made instanceof BailiwickError) assert.deepEqual([engine.revision, preview.code, preview.path], [revision, made.code, made.path]);
    else assert.deepEqual([made, engine.revision, preview.revision], [after, after, after]);
    attempt(() => engine.reconcile(three, one));
    attempt(() => engine.toSnapshot({ organizations: three }));
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
