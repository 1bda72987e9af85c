// Insight in JavaScript: other engines, options, names that mean something to the language, code that calls the engine meanwhile, and memory.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import { analysePolicy, Bailiwick, BailiwickError, builtInPolicy, isBailiwickError } from "bailiwick";
import fc from "fast-check";

// Not for users: the glue has the module's memory.
import * as glue from "../../node_modules/bailiwick/bailiwick.js";
import { at, actor, addition, foreign, guard, load, publicKey, refused, removal, signingKey, state, works } from "./life/scene.mjs";

const question = { principal: "user:usr_dan", action: "instant_cluster.delete", resource: "instant_cluster:cl_1", at };
const usage = { principal: "user:usr_dan", kind: "fine_tuning", surface: "ui", project: "prj_a", at };
const text = JSON.stringify;
// The calls with options: the engine, and the options.
const calls = {
  impact: (engine, options) => engine.impact(engine, options),
  review: (engine, options) => engine.review(options),
  findings: (engine, options) => engine.findings(options),
  withPolicy: (engine, options) => engine.withPolicy("projects-2026-02", options).state,
};

function changed() {
  const after = load();
  const joins = { type: "add_member", organization: "org_acme", user: "usr_kai", role: "member" };
  after.applyMany([removal("usr_dan"), addition("usr_new"), joins]);
  return after;
}

test("answers are plain, with their keys in the order of the contract", () => {
  const why = guard.explain(question);
  assert.deepEqual(Object.keys(why), ["decision", "rule", "sentence", "facts", "would_allow"]);
  assert.deepEqual(Object.keys(why.would_allow[0]), ["change", "by"]);
  assert.deepEqual(why.decision, guard.checkAccess(question));
  for (const { change, by } of why.would_allow) {
    const engine = load();
    engine.apply(change, { actor: by[0], at });
    assert.equal(engine.checkAccess(question).allowed, true);
  }
  const told = guard.explainUsage(usage);
  assert.deepEqual(Object.keys(told), ["attribution", "rule", "sentence", "facts", "remedies"]);
  assert.deepEqual(told.attribution, guard.attribute(usage));
  assert.deepEqual(Object.keys(told.remedies[0]), ["remedy", "organization", "project", "matches_intended"]);
  const impact = guard.impact(changed(), { at });
  assert.deepEqual(Object.keys(impact), ["access", "bookings", "counts", "widens", "next_cursor"]);
  assert.deepEqual(Object.keys(impact.access[0]), ["principal", "on", "gained", "lost"]);
  assert.deepEqual(Object.keys(impact.bookings[0]), ["principal", "project", "before", "after", "usage"]);
  assert.deepEqual(Object.keys(impact.bookings[0].before), ["organization", "project"]);
  assert.deepEqual(Object.keys(impact.counts), ["principals", "gained", "lost", "bookings"]);
  const row = ["principal", "organization", "project", "role", "source", "via", "added_at", "expires_at", "effective", "scopes"];
  assert.deepEqual(Object.keys(guard.review({ at })[0]), row);
  assert.deepEqual(Object.keys(guard.findings({ at })[0]), ["finding", "severity", "subject", "on", "sentence", "fix"]);
  for (const answer of [why, told, impact, guard.review({ at })[0], guard.findings({ at })[0], guard.policyDocument, analysePolicy("projects-2026-02")]) {
    assert.equal(Object.getPrototypeOf(answer), Object.prototype);
    // It is the caller's own.
    assert.deepEqual(JSON.parse(text(answer)), answer);
    for (const name of Object.keys(answer)) delete answer[name];
  }
  assert.equal(text(guard.explain(question).facts), text(load().explain(question).facts));
});

test("what is no engine is refused", () => {
  for (const other of [undefined, null, 5, "engine", {}, [], guard.toDirectory(), guard.toSnapshot(), Bailiwick, () => guard, Object.create(null), new Date()]) {
    refused(() => guard.impact(other, { at }), "wrong_type", "/other");
  }
  // An engine of another copy of the module is in another memory.
  const another = createRequire(import.meta.url)("bailiwick/inline");
  const foreigner = another.Bailiwick.fromDirectory(guard.toDirectory());
  refused(() => guard.impact(foreigner), "wrong_type", "/other");
  assert.throws(() => foreigner.impact(guard), { code: "wrong_type", path: "/other" });
  // Those look like one.
  for (const other of [Object.create(guard), Object.create(Bailiwick.prototype), new Proxy(guard, {})]) {
    try {
      assert.equal(guard.impact(other, { at }).counts.principals, 0);
    } catch (error) {
      assert.ok(error instanceof Error);
    }
    works(guard);
  }
});

test("an engine that was freed", () => {
  const [engine, other] = [load(), load()];
  other.free();
  const freed = { name: "Error", message: "this engine has been freed" };
  assert.throws(() => engine.impact(other), freed);
  engine.impact(engine);
  works(engine);
  engine.free();
  for (const call of [...Object.values(calls).map((one) => () => one(engine)), () => engine.explain(question), () => engine.explainUsage(usage), () => engine.policyDocument]) {
    assert.throws(call, freed);
  }
  assert.throws(() => guard.impact(engine), freed);
  works(guard);
});

test("engines that are freed in the middle of a call", () => {
  const freeing = (engine) => ({ get at() { engine.free(); return at; } });
  for (const call of [
    (engine, other) => engine.impact(other, freeing(engine)),
    (engine, other) => engine.impact(other, freeing(other)),
    (engine) => engine.impact(engine, freeing(engine)),
    (engine) => engine.review(freeing(engine)),
    (engine) => engine.findings(freeing(engine)),
    (engine) => engine.explain({ ...question, at: undefined, get surface() { engine.free(); return "ui"; } }),
    (engine) => engine.withPolicy({ get id() { engine.free(); return "own"; } }),
  ]) {
    const [engine, other] = [load(), load()];
    try {
      call(engine, other);
    } catch (error) {
      assert.ok(error instanceof Error, String(call));
    }
    works(guard);
    engine.free();
    other.free();
  }
  works(load());
});

test("options that are left out, undefined or null, or inherited", () => {
  for (const [name, call] of Object.entries(calls)) {
    const engine = load();
    const now = text(call(engine));
    const absent = (value) => (name === "withPolicy" ? { renames: value } : { at: value });
    for (const options of [undefined, null, {}, absent(undefined), absent(null), Object.create({ at: 5, renames: 5 })]) {
      assert.equal(text(call(engine, options)).replace(/"expires_at":"[^"]*"/g, ""), now.replace(/"expires_at":"[^"]*"/g, ""), name);
    }
    for (const bad of [5, "at", true, [], [at], () => ({}), Symbol("x"), 1n, new Map(), new Set(), new Date()]) {
      refused(() => call(engine, bad), "wrong_type", "", engine);
    }
    refused(() => call(engine, { att: at }), "unknown_field", "/att", engine);
    if (name === "withPolicy") continue;
    for (const bad of [NaN, Infinity, 1, "yesterday", new Date(NaN)]) refused(() => call(engine, { at: bad }), "invalid_timestamp", "/at", engine);
    for (const bad of [{}, [], true, 1n, Symbol("x")]) refused(() => call(engine, { at: bad }), "wrong_type", "/at", engine);
    assert.equal(text(call(engine, { at: Date.parse(at) })), text(call(engine, { at })));
    assert.equal(text(call(engine, { at: new Date(at) })), text(call(engine, { at })));
  }
  // A prototype that somebody has spoilt adds nothing.
  Object.prototype.limit = 0;
  Object.prototype.organization = "nobody";
  Object.prototype.surface = "nowhere";
  try {
    assert.ok(guard.impact(changed(), { at }).access.length > 0);
    assert.ok(guard.review({ at }).length > 0);
    assert.equal(guard.explain(question).rule, "A19");
  } finally {
    for (const name of ["limit", "organization", "surface"]) delete Object.prototype[name];
  }
});

test("values of the wrong type, and unknown ones", () => {
  for (const limit of [-1, 1.5, NaN, "1", true, 1n, {}, []]) refused(() => guard.impact(guard, { limit }), "wrong_type", "/limit");
  refused(() => guard.impact(guard, { limit: 2 ** 53 }), "limit_exceeded", "/limit");
  for (const cursor of [5, {}, [], true]) refused(() => guard.impact(guard, { cursor }), "wrong_type", "/cursor");
  for (const cursor of ["", "x", "\ud800"]) refused(() => guard.impact(guard, { cursor }), "cursor_invalid", "/cursor");
  const { next_cursor: cursor } = guard.listProjects({ principal: actor, limit: 1, at });
  refused(() => guard.impact(guard, { cursor }), "cursor_mismatch", "/cursor");
  for (const organization of [5, {}, [], true, 1n]) refused(() => guard.review({ organization }), "wrong_type", "/organization");
  for (const organization of ["", "\ud800"]) refused(() => guard.review({ organization }), "invalid_id", "/organization");
  for (const organization of ["nobody", "__proto__"]) refused(() => guard.review({ organization }), "not_found", "/organization");
  for (const bad of [undefined, null, 5, [], true, Symbol("x"), 1n, () => {}]) {
    refused(() => guard.withPolicy(bad), "wrong_type", "/policy");
    refused(() => analysePolicy(bad), "wrong_type", "/policy");
    refused(() => builtInPolicy(bad), "wrong_type", "/id");
    refused(() => guard.explain(bad), "wrong_type", "");
    refused(() => guard.explainUsage(bad), "wrong_type", "");
  }
  for (const bad of ["none", "__proto__"]) {
    refused(() => guard.withPolicy(bad), "unknown_policy", "/policy");
    refused(() => builtInPolicy(bad), "unknown_policy", "/id");
  }
  for (const bad of ["", "\ud800"]) refused(() => builtInPolicy(bad), "invalid_id", "/id");
  for (const renames of [5, [], "kinds", true]) refused(() => guard.withPolicy("projects-2026-02", { renames }), "wrong_type", "/renames");
  refused(() => guard.withPolicy("projects-2026-02", { renames: { kind: {} } }), "unknown_field", "/renames/kind");
  refused(() => guard.explain({ ...question, minRevision: 1 }), "unknown_field", "/minRevision");
});

test("pages are the whole", () => {
  const after = changed();
  const whole = guard.impact(after, { at });
  const rows = [...whole.access, ...whole.bookings];
  assert.ok(whole.access.length > 0 && whole.bookings.length > 0);
  for (const limit of [1, 2, rows.length - 1, rows.length, rows.length + 1]) {
    const read = [];
    let cursor = null;
    do {
      const page = guard.impact(after, { at, limit, cursor });
      assert.deepEqual([page.counts, page.widens], [whole.counts, whole.widens]);
      assert.ok(page.access.length + page.bookings.length <= limit);
      read.push(...page.access, ...page.bookings);
      cursor = page.next_cursor;
    } while (cursor !== null);
    assert.deepEqual(read, rows);
  }
  assert.deepEqual(guard.impact(after, { at, limit: 0 }), { ...whole, access: [], bookings: [] });
  const back = after.impact(guard, { at });
  assert.deepEqual([back.counts.gained, back.counts.lost], [whole.counts.lost, whole.counts.gained]);
});

test("names that mean something to JavaScript are names like any other", () => {
  for (const name of ["__proto__", "constructor", "toString", "toJSON", "then"]) {
    const policy = JSON.parse(text(builtInPolicy("projects-2026-02")).replaceAll('"member"', text(name)).replaceAll('"batch"', text(`${name}_kind`)));
    policy.id = name;
    const document = JSON.parse(text({
      format: "bailiwick/1", policy,
      organizations: [{
        id: name, owner: name, members: [{ user: name, role: "admin" }, { user: `${name}2`, role: name }],
        projects: [{ id: name, default: true, api_keys: [{ id: name }] }, { id: "prj_a", collaborators: [{ user: `${name}2`, role: name }] }],
      }],
    }));
    const engine = Bailiwick.fromDirectory(document);
    const after = Bailiwick.fromDirectory(document);
    after.apply({ type: "remove_collaborator", project: "prj_a", user: `${name}2` });
    assert.deepEqual(engine.impact(after, { at }).access.map((row) => row.principal), [`user:${name}2`]);
    assert.ok(engine.review({ at, organization: name }).some((row) => row.project === name && row.role === name));
    assert.ok(engine.findings({ at }).some((finding) => finding.subject === `api_key:${name}`));
    const why = engine.explain({ principal: `user:${name}2`, action: "project_settings.write", resource: `project:${name}`, at });
    assert.ok(why.facts.some((fact) => Object.values(fact).includes(name)));
    assert.ok(why.would_allow.length > 0);
    assert.deepEqual(engine.policyDocument, JSON.parse(text(engine.policyDocument)));
    assert.equal(Bailiwick.fromDirectory(document, { policy: engine.policyDocument }).state, engine.state);
    assert.equal(engine.withPolicy(engine.policyDocument).state, engine.state);
    const renames = JSON.parse(`{"organization_roles": {${text(name)}: "member"}, "project_roles": {${text(name)}: "member"}}`);
    assert.equal(engine.withPolicy("projects-2026-02", { renames }).policy, "projects-2026-02");
    assert.equal(analysePolicy(policy).policy, name);
  }
  assert.equal({}.fact, undefined);
});

test("code that calls the engine while it reads or writes", () => {
  const engine = load();
  const other = load();
  const within = (object, name, value, action) => Object.defineProperty({ ...object }, name, { enumerable: true, get() { action(); return value; } });
  const grow = () => engine.apply(addition(`usr_${engine.revision}`));
  // The inner change is made first, and the outer question sees it.
  const seen = engine.impact(other, within({}, "at", at, () => engine.apply(addition("usr_inner"))));
  assert.ok(seen.access.some((row) => row.principal === "user:usr_inner"));
  assert.equal(seen.widens, false);
  const why = engine.explain(within({ ...question, principal: "user:usr_early" }, "at", at, () => engine.apply(addition("usr_early"))));
  assert.notEqual(why.rule, "A3");
  for (const call of [
    () => engine.review(within({}, "at", at, grow)),
    () => engine.findings(within({}, "at", at, grow)),
    () => engine.withPolicy(within({ ...builtInPolicy("projects-2026-02") }, "id", "own", grow)),
    () => engine.explainUsage(within(usage, "kind", "fine_tuning", () => engine.explain(question))),
    () => engine.impact(other, within({}, "at", at, () => other.apply(addition(`usr_${other.revision}`)))),
  ]) {
    call();
    works(engine);
  }
  for (const name of ["decision", "facts", "access", "principal", "finding", "fix", "counts"]) {
    Object.defineProperty(Object.prototype, name, { configurable: true, set() { throw new Error("mine"); } });
    try {
      foreign([() => engine.explain(question), () => engine.explainUsage(usage), ...Object.values(calls).map((call) => () => call(engine))]);
    } finally {
      delete Object.prototype[name];
    }
    assert.deepEqual(foreign([() => engine.apply(addition("usr_after")), () => engine.apply(removal("usr_after"))]), []);
  }
  works(engine);
});

test("an explanation changes nothing, and names are found after it", () => {
  const engine = load();
  const [before, { revision }] = [state(engine), engine];
  for (let time = 0; time < 3; time++) {
    assert.equal(engine.isAllowed(actor, "file.read", "project:prj_a", at), true);
    assert.ok(engine.explain(question).would_allow.length > 0);
    assert.ok(engine.explainUsage(usage).remedies.length > 0);
    assert.equal(engine.isAllowed("user:usr_dan", "file.read", "project:prj_a", at), true);
    assert.equal(engine.isAllowed("user:nobody", "file.read", "project:prj_a", at), false);
  }
  assert.deepEqual([state(engine), engine.revision], [before, revision]);
  const follower = Bailiwick.fromSnapshot(engine.toSnapshot());
  assert.equal(follower.applyDelta(engine.toDelta(revision)), revision);
});

test("another policy leaves the first engine alone, and signatures demanded", () => {
  const central = load();
  const edge = Bailiwick.fromSnapshot(central.toSnapshot({ signingKey }), { publicKey });
  const before = state(edge);
  const [other, origin] = [edge.withPolicy("projects-2026-02"), central.withPolicy("projects-2026-02")];
  origin.toSnapshot();
  origin.apply(addition("usr_new"));
  assert.throws(() => other.applyDelta(origin.toDelta(other.revision)), { code: "signature_missing", path: "" });
  assert.equal(other.applyDelta(origin.toDelta(other.revision, { signingKey })), origin.revision);
  assert.equal(state(edge), before);
  const since = central.revision;
  central.apply(addition("usr_late"));
  const elsewhere = central.withPolicy({ ...builtInPolicy("projects-2026-02"), id: "own" });
  assert.deepEqual([elsewhere.policy, elsewhere.revision, central.policy], ["own", since + 1, "projects-2026-02"]);
  assert.ok(central.toDelta(since));
  assert.throws(() => elsewhere.toDelta(since), { code: "delta_gap", path: "/since" });
  for (const engine of [central, elsewhere, other]) works(engine);
});

test("fixes are lists for applyMany", () => {
  for (const { finding, subject, on, fix } of guard.findings({ at })) {
    const engine = load();
    if (fix.length > 0) engine.applyMany(fix, { at });
    const isLeft = engine.findings({ at }).some((one) => one.finding === finding && one.subject === subject && one.on === on);
    assert.equal(isLeft, fix.length === 0, `${finding} ${subject}`);
  }
});

test("whatever is passed, only a BailiwickError is thrown", () => {
  const only = (call) => {
    try {
      call();
    } catch (error) {
      assert.ok(isBailiwickError(error) && error instanceof BailiwickError, `${call}: ${error}`);
    }
  };
  fc.assert(fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withSparseArray: true, withNullPrototype: true }), (value) => {
    only(() => guard.explain(value));
    only(() => guard.explain({ ...question, surface: value }));
    only(() => guard.explainUsage({ ...usage, project: value }));
    only(() => guard.impact(value, value));
    for (const call of Object.values(calls)) only(() => call(guard, value));
    only(() => guard.impact(guard, { at, limit: value }));
    only(() => guard.withPolicy(value));
    only(() => guard.withPolicy("projects-2026-02", { renames: { kinds: value } }));
    only(() => analysePolicy(value));
    only(() => builtInPolicy(value));
  }), { numRuns: 60 });
  works(guard);
});

test("memory does not grow", () => {
  const engine = load();
  const after = changed();
  const size = () => glue.initSync().memory.buffer.byteLength;
  const turn = (count) => {
    for (let number = 0; number < count; number++) {
      engine.explainUsage(usage);
      foreign([() => engine.impact(5), () => engine.withPolicy("none"), () => engine.review({ organization: "nobody" }), () => engine.explain({})]);
      engine.impact(after, { at, limit: 2 });
      if (number % 20 > 0) continue;
      engine.explain(question);
      engine.review({ at });
      engine.findings({ at });
      engine.withPolicy("projects-2026-02").free();
      void engine.policyDocument;
      analysePolicy("projects-2026-02");
    }
  };
  turn(100);
  const before = size();
  turn(1_000);
  const grown = size() - before;
  assert.ok(grown < 2 << 20, `${grown} bytes more`);
  assert.equal(engine.revision, 42);
});

test("the policy documents are those of the repository", () => {
  for (const id of ["projects-2026-02", "projects-2026-09"]) {
    const document = JSON.parse(readFileSync(new URL(`../../core/policies/${id}.json`, import.meta.url), "utf8"));
    assert.equal(Bailiwick.fromDirectory({ format: "bailiwick/1", organizations: [], policy: document }).state, Bailiwick.fromDirectory({ format: "bailiwick/1", organizations: [], policy: builtInPolicy(id) }).state);
  }
});
