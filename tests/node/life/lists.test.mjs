// Lists of changes and documents to reconcile, in forms that only JavaScript has; and the hash of the state.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Bailiwick } from "bailiwick";

import { actor, addition, at, document, load, refused, removal, state, works } from "./scene.mjs";

test("a list is an array of plain objects", () => {
  const engine = load();
  const changes = [addition("usr_new"), removal("usr_new")];
  const lists = [
    (function* () { yield* changes; })(),
    new Set(changes),
    new Map([[0, changes[0]]]),
    changes.values(),
    { 0: changes[0], length: 1 },
    Object.create(changes),
    "[]",
    new Uint8Array(8),
    null,
    undefined,
  ];
  for (const list of lists) refused(() => engine.applyMany(list, { at }), "wrong_type", "", engine);
  for (const [item, code, path] of [
    [undefined, "wrong_type", "/1"],
    [null, "wrong_type", "/1"],
    [[], "wrong_type", "/1"],
    [Object.create(changes[1]), "missing_field", "/1"],
    [{ ...changes[1], user: undefined }, "missing_field", "/1"],
    [Object.assign(Object.create({ user: "usr_new" }), { ...changes[1], user: undefined }), "missing_field", "/1"],
    [{ get type() { throw new Error("no"); } }, "wrong_type", "/1/type"],
  ]) {
    refused(() => engine.applyMany([changes[0], item], { at }), code, path, engine);
    refused(() => engine.preview([changes[0], item], { at }), code, path, engine);
  }
  refused(() => engine.applyMany([changes[0], , changes[1]], { at }), "wrong_type", "/1", engine);
  const cyclic = [changes[0]];
  cyclic.push(cyclic);
  refused(() => engine.applyMany(cyclic, { at }), "wrong_type", "/1", engine);

  const { revision } = engine;
  assert.equal(engine.applyMany([], { at }), revision);
  assert.equal(engine.applyMany(Object.freeze(changes.map(Object.freeze)), { at, actor, expectedRevision: revision }), revision + 2);
  assert.equal(engine.applyMany(changes.map((change) => Object.assign(Object.create(null), change))), revision + 4);
  refused(() => engine.applyMany(changes, { at, expectedRevision: revision }), "revision_conflict", "/expectedRevision", engine);
});

test("the order of a change's members does not matter, and inherited ones do not count", (t) => {
  const backwards = (object) => Object.fromEntries(Object.entries(object).reverse());
  const [one, other] = [load(), load()];
  const changes = [addition("usr_new"), { type: "create_project", organization: "org_acme", project: "prj_n", name: "N" }];
  one.applyMany(changes);
  other.applyMany(changes.map(backwards));
  assert.equal(one.state, other.state);
  t.after(() => delete Object.prototype.role);
  Object.prototype.role = "admin";
  other.applyMany([removal("usr_new"), addition("usr_new")]);
  delete Object.prototype.role;
  assert.equal(one.state, other.state);
});

test("an actor that is named has to have a value, also for a list", () => {
  const engine = load();
  for (const options of [{ actor: undefined }, { actor: null }, Object.create({ actor: "user:usr_own" }), new Proxy({}, { has: (_, name) => name === "actor" })]) {
    refused(() => engine.applyMany([addition("usr_new")], options), "wrong_type", "/actor", engine);
    refused(() => engine.applyMany([], options), "wrong_type", "/actor", engine);
    refused(() => engine.preview([addition("usr_new")], options), "wrong_type", "/actor", engine);
  }
  const { decision } = refused(() => engine.applyMany([addition("usr_new")], { actor: "user:usr_dan", at }), "forbidden", "/0/actor", engine);
  assert.equal(decision.allowed, false);
});

test("a hundred thousand changes whose last one fails leave nothing behind", () => {
  const engine = load();
  const before = engine.state;
  const changes = Array.from({ length: 100_000 }, (_, index) => (index % 2 ? removal : addition)("usr_new"));
  changes[99_999] = removal("usr_nobody");
  refused(() => engine.applyMany(changes, { at }), "not_found", "/99999/user", engine);
  assert.equal(engine.state, before);
  changes.pop();
  const { revision } = engine;
  assert.equal(engine.applyMany(changes, { at }), revision + 99_999);
  assert.equal(engine.isAllowed("user:usr_new", "file.read", "project:prj_a", at), true);
});

test("what a getter does to the engine while a list is read does not get into the list", () => {
  const engine = load();
  const { revision } = engine;
  const change = { get type() { engine.apply(addition("usr_other")); return "add_collaborator"; }, project: "prj_a", user: "usr_new" };
  assert.equal(engine.applyMany([change], { at }), revision + 2);
  works(engine);
});

test("the state is equal for equal directories, whatever their way", () => {
  const [engine, other] = [load(), load()];
  assert.match(engine.state, /^[0-9a-f]{64}$/);
  const before = engine.state;
  engine.applyMany([addition("usr_new"), addition("usr_newer")]);
  assert.notEqual(engine.state, before);
  other.apply(addition("usr_newer"));
  other.apply(addition("usr_new"));
  assert.equal(engine.state, other.state);
  assert.equal(Bailiwick.fromDirectory(engine.toDirectory()).state, engine.state);
  assert.equal(Bailiwick.fromSnapshot(engine.toSnapshot({ issuedAt: "2026-02-01T12:00:00Z", maxAgeSeconds: 60 })).state, engine.state);
  engine.applyMany([removal("usr_new"), removal("usr_newer")]);
  assert.equal(engine.state, before);
  assert.throws(() => { engine.state = before; }, TypeError);
});

test("a document to reconcile is an object, or its JSON as text or bytes", () => {
  const wanted = structuredClone(document);
  wanted.organizations[0].members.find(({ user }) => user === "usr_dan").role = "admin";
  const text = JSON.stringify(wanted);
  const all = [wanted, text, new TextEncoder().encode(text)].map((form) => {
    const engine = load();
    const dry = engine.reconcile(form, { dryRun: true });
    assert.equal(state(engine), state(load()));
    const made = engine.reconcile(form);
    assert.deepEqual(dry, made);
    assert.equal(made.revision, engine.revision);
    assert.equal(made.changes.length, 1);
    assert.equal(engine.isAllowed("user:usr_dan", "billing.write", "organization:org_acme", at), true, "the cache of names is renewed");
    assert.deepEqual(engine.reconcile(form), { revision: engine.revision, changes: [] });
    return [engine.state, JSON.stringify(made.changes)];
  });
  assert.equal(new Set(all.map(String)).size, 1);
  assert.equal(all[0][0], Bailiwick.fromDirectory(wanted).state);
  // The changes are those that `apply` takes.
  const follower = load();
  follower.applyMany(JSON.parse(all[0][1]));
  assert.equal(follower.state, all[0][0]);
});

test("options of a reconciliation", () => {
  const engine = load();
  const wanted = { ...document, organizations: [] };
  for (const dryRun of [null, "false", 0, 1, "true", {}]) refused(() => engine.reconcile(wanted, { dryRun }), "wrong_type", "/dryRun", engine);
  for (const quarantine of [null, "true", 1]) refused(() => engine.reconcile(wanted, { quarantine }), "wrong_type", "/quarantine", engine);
  refused(() => engine.reconcile(wanted, { dry_run: true }), "unknown_field", "/dry_run", engine);
  refused(() => engine.reconcile(wanted, { dryrun: true }), "unknown_field", "/dryrun", engine);
  refused(() => engine.reconcile(wanted, true), "wrong_type", "", engine);
  for (const form of [undefined, null, 5, [], (function* () {})(), new Map()]) refused(() => engine.reconcile(form), "wrong_type", "", engine);
  refused(() => engine.reconcile("{"), "invalid_json", "", engine);
  refused(() => engine.reconcile({ ...document, organizations: undefined }), "missing_field", "", engine);
});

test("organizations of a snapshot are named in an array", () => {
  const engine = load();
  for (const organizations of [null, "org_acme", new Set(["org_acme"]), { 0: "org_acme", length: 1 }, ["org_acme"].values()]) {
    refused(() => engine.toSnapshot({ organizations }), "wrong_type", "/organizations", engine);
  }
  for (const [id, code] of [[null, "wrong_type"], [undefined, "wrong_type"], ["", "invalid_id"], ["org_none", "not_found"]]) {
    refused(() => engine.toSnapshot({ organizations: ["org_acme", id] }), code, "/organizations/1", engine);
  }
  const part = (organizations) => Bailiwick.fromSnapshot(engine.toSnapshot({ organizations }));
  assert.deepEqual(part(["org_partner", "org_partner"]).toDirectory().organizations.map(({ id }) => id), ["org_partner"]);
  assert.deepEqual(part([]).toDirectory().organizations, []);
  assert.equal(part(undefined).state, engine.state);
  assert.equal(part(["org_acme"]).isAllowed("user:usr_dan", "file.read", "project:prj_a", at), engine.isAllowed("user:usr_dan", "file.read", "project:prj_a", at));
  const edge = part(["org_acme"]);
  engine.toSnapshot();
  engine.apply(addition("usr_new"));
  refused(() => edge.applyDelta(engine.toDelta(edge.revision)), "delta_fork", "", edge);
});
