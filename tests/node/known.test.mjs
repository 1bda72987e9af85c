// What an engine remembers of names and answers never shows: it says what it would say if it was asked for the first time, and the general way.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { Bailiwick, BailiwickError, isBailiwickError } from "bailiwick";

const acme = JSON.parse(readFileSync(new URL("../directories/acme.json", import.meta.url), "utf8"));
// As long as ids can be, by one byte and by several.
const [LONG, WIDE] = ["l".repeat(256), "é".repeat(128)];
const at = Date.parse("2026-02-01T12:00:00Z");
const actor = "user:usr_ada";
const once = { principal: "user:usr_dan", action: "file.read", resource: "project:prj_a" };
// Somebody whose whole access is one row.
const guest = { ...once, principal: `user:${LONG}` };

/** The example as a directory that does not age, with ids of every sort in it. */
function documentWith(fields = {}) {
  const document = structuredClone({ ...acme, issued_at: null, max_age_seconds: null, ...fields });
  const project = document.organizations[0].projects.find((project) => project.id === "prj_a");
  for (const id of [LONG, WIDE, "a:b", "f_0123456", "f_01234567", "漢字 \u{1f600}"]) {
    (project.collaborators ??= []).push({ user: id, role: "member" });
    (project.resources ??= []).push({ id, kind: "file" });
  }
  (project.api_keys ??= []).push({ id: "key_ends", expires_at: "2026-03-01T00:00:00Z" });
  return document;
}
const load = (fields) => Bailiwick.fromDirectory(documentWith(fields));

/** Everything that has a name in a directory, and some names of nothing. */
function namesIn(document) {
  const [principals, resources] = [new Set(["user:nobody", "robot:x"]), new Set(["project:none", "file:none", "team:blue", "organization:none"])];
  const add = (set, type, id) => set.add(`${type}:${id}`);
  for (const { id } of document.users ?? []) add(principals, "user", id);
  for (const organization of document.organizations) {
    add(resources, "organization", organization.id);
    for (const { user } of organization.members) add(principals, "user", user);
    for (const project of organization.projects) {
      add(resources, "project", project.id);
      for (const { user } of project.collaborators ?? []) add(principals, "user", user);
      for (const { id } of project.api_keys ?? []) add(principals, "api_key", id);
      for (const { id } of project.api_keys ?? []) add(resources, "api_key", id);
      for (const { id, kind } of project.resources ?? []) add(resources, kind, id);
    }
  }
  return [[...principals], [...resources, actor]];
}
const ACTIONS = ["file.read", "instant_cluster.ssh", "instant_cluster.delete", "fine_tuning.create", "api_key.revoke", "storage.read", "billing.read", "members.add", "project_settings.read", "collaborators.add", "profile.read", "no.such", ""];

function questionsOf(engine) {
  const [principals, resources] = namesIn(engine.toDirectory());
  const questions = principals.flatMap((principal) => resources.flatMap((resource) => ACTIONS.map((action) => ({ principal, action, resource }))));
  // In an order in which neither principals nor resources come together.
  return questions.map((_, place) => questions[(place * 7919) % questions.length]);
}

/** The same request in a form that nothing is remembered of: whatever is not quite plain takes the general way. */
const slow = (request) => Object.setPrototypeOf({ ...request }, null);

/** The answer with the order of its members, or all that an error says. */
function outcome(call) {
  try {
    return JSON.stringify(call());
  } catch (error) {
    if (!isBailiwickError(error)) throw error;
    return { code: error.code, path: error.path, message: error.message };
  }
}

/** Asks in every way, twice. */
function alike(engine, request) {
  const wanted = outcome(() => engine.checkAccess(slow(request)));
  const { principal, action, resource, surface, at } = request;
  for (let time = 0; time < 2; time++) {
    assert.deepEqual(outcome(() => engine.checkAccess(request)), wanted);
    const listed = outcome(() => engine.checkMany([request]));
    assert.deepEqual(listed.path === undefined ? listed : { ...listed, path: listed.path.slice(2) }, wanted.path === undefined ? `[${wanted}]` : wanted);
    const allowed = outcome(() => engine.isAllowed(request));
    assert.deepEqual(allowed, wanted.path === undefined ? `${JSON.parse(wanted).allowed}` : wanted);
    const isPositional = Object.keys(request).every((name) => name === "at" || name in once) && surface === undefined;
    if (isPositional && (typeof principal !== "object" || action !== undefined || resource !== undefined)) {
      assert.deepEqual(outcome(() => engine.isAllowed(principal, action, resource, at)), allowed);
    }
  }
}

/** Whatever the engine remembers, it answers what one that remembers nothing does. */
function checkAll(engine, questions = questionsOf(engine)) {
  const wanted = Bailiwick.fromSnapshot(engine.toSnapshot()).checkMany(questions.map(slow));
  assert.deepEqual(engine.checkMany(questions), wanted);
  questions.forEach((question, place) => assert.deepEqual(engine.checkAccess(question), wanted[place]));
  for (const [place, { principal, action, resource }] of questions.entries()) assert.equal(engine.isAllowed(principal, action, resource), wanted[place].allowed);
  return wanted;
}

test("every question has one answer, in whatever way it is asked", () => {
  const engine = load();
  const questions = questionsOf(engine);
  const surfaces = ["api", "ui", "playground", "no_such", "", undefined];
  const times = [at, Date.parse("2025-12-01T00:00:00Z"), Date.parse("2026-04-01T00:00:00Z"), 0, 0.5, -1, 8.64e15, 1e300, NaN, -Infinity, undefined];
  questions.forEach((question, place) => alike(engine, { ...question, surface: surfaces[place % surfaces.length], at: times[place % times.length] }));
  const answers = checkAll(engine);
  assert.ok(new Set(answers.map((answer) => answer.reason)).size > 10);
});

test("names of every sort, good and bad", () => {
  const engine = load();
  const names = [
    ...["", ":", "user", "user:", ":x", "user:a:b", "file:a:b", "user:\u0000", "user:\n", "user:\u0085", "user:\ud800", "user:\udc00x", "user:\ufffd", "\ud83d\ude00:x", "user:\ud83d", "ﬁle:x"],
    ...[LONG, WIDE, `${LONG}l`, `${WIDE}é`, `${WIDE.slice(1)}e`, LONG.slice(1), "x".repeat(251), "x".repeat(250), "漢".repeat(85), "漢".repeat(86), "\u{1f600}".repeat(64), "x".repeat(1e6)].flatMap((id) => [`user:${id}`, `file:${id}`, id]),
    ...["user:usr_ada", "file:f_0123456", "file:f_01234567", "file:f_012345678", "file:漢字 \u{1f600}", "User:usr_ada", "user:usr_adà", "constructor", "__proto__:x", "user:__proto__", "toString"],
  ];
  for (const name of names) {
    for (const part of ["principal", "action", "resource", "surface"]) {
      alike(engine, { ...once, [part]: name });
      // And where nothing is remembered.
      alike(load(), { ...once, [part]: name });
    }
  }
});

test("values of every sort in every place", () => {
  const engine = load();
  const values = [undefined, null, true, 0, -0, 42, 1n, Symbol("x"), () => 1, [], ["user:usr_ada"], {}, { type: "user", id: "usr_ada" }, new String("user:usr_ada"), new Date(at), "2026-02-01T00:00:00Z", "soon", new Map()];
  for (const value of values) for (const part of ["principal", "action", "resource", "surface", "at"]) alike(engine, { ...once, [part]: value });
  for (const extra of ["min_revision", "max_age_seconds", "extra", "", "__proto__x", "\ud800"]) for (const value of values) alike(engine, { ...once, [extra]: value });
  for (const part of Object.keys(once)) {
    const request = { ...once };
    delete request[part];
    alike(engine, request);
  }
  alike(engine, { ...once, [Symbol("x")]: 1 });
  alike(engine, Object.fromEntries(Object.entries({ ...once, at, surface: "ui" }).reverse()));
});

test("requests that are not quite plain are read as they always were", () => {
  const engine = load();
  const wanted = engine.checkAccess(slow(once));
  class Asked {
    principal = once.principal;
    action = once.action;
    resource = once.resource;
    get surface() {
      throw new Error("not its own");
    }
  }
  const hidden = Object.defineProperty({ ...once }, "surface", { value: "no_such", enumerable: false });
  for (const good of [new Asked(), hidden, Object.freeze({ ...once }), new Proxy(once, {}), Object.assign(Object.create({ surface: "no_such" }), once)]) {
    assert.deepEqual(engine.checkAccess(good), wanted);
    assert.deepEqual(engine.checkMany([once, good]), [wanted, wanted]);
    assert.equal(engine.isAllowed(good), wanted.allowed);
  }
  const bad = [undefined, null, 1, "user:usr_ada", [], [once], () => once, Object.create(once), new (class extends Asked { extra = 1; })(), new Map(Object.entries(once)), new Date(at)];
  for (const request of bad) {
    assert.throws(() => engine.checkAccess(request), BailiwickError);
    assert.throws(() => engine.checkMany([once, request]), (error) => isBailiwickError(error) && error.path.startsWith("/1"));
    if (!Array.isArray(request)) assert.throws(() => engine.checkMany(request), BailiwickError);
  }
});

test("whatever throws while a request is read ends in a BailiwickError", () => {
  const engine = load();
  engine.checkAccess(once);
  const mine = () => {
    throw new Error("mine");
  };
  const gone = () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  };
  const traps = ["ownKeys", "getPrototypeOf", "getOwnPropertyDescriptor", "get"].map((trap) => () => new Proxy({ ...once }, { [trap]: mine }));
  const getters = Object.keys(once).map((part) => () => Object.defineProperty({ ...once }, part, { get: mine }));
  for (const make of [...traps, ...getters, gone]) {
    assert.throws(() => engine.checkAccess(make()), BailiwickError, String(make));
    assert.throws(() => engine.checkMany([once, make()]), (error) => isBailiwickError(error) && error.path.startsWith("/1"), String(make));
    assert.throws(() => engine.isAllowed(make()), BailiwickError);
  }
  const list = Object.defineProperty([once, once], 1, { get: mine });
  assert.throws(() => engine.checkMany(list), (error) => isBailiwickError(error) && error.path === "/1");
  const refuses = (name) => (target, asked) => (asked === name ? mine() : target[asked]);
  assert.throws(() => engine.checkMany(new Proxy([once, once], { get: refuses("1") })), (error) => isBailiwickError(error) && error.path === "/1");
  assert.throws(() => engine.checkMany(new Proxy([once], { get: refuses("length") })), BailiwickError);
  assert.throws(() => engine.checkMany(gone()), BailiwickError);
});

test("a list of any length, and one that lies about it", () => {
  const engine = load();
  const wanted = engine.checkAccess(slow(once));
  for (const count of [0, 1, 2, 1000]) assert.deepEqual(engine.checkMany(new Array(count).fill(once)), new Array(count).fill(wanted));
  assert.throws(() => engine.checkMany([once, , once]), (error) => isBailiwickError(error) && error.path === "/1");
  assert.throws(() => engine.checkMany(new Array(2 ** 32 - 1)), BailiwickError);
  for (const [length, count] of [[-1, 0], [NaN, 0], ["x", 0], [{}, 0], [undefined, 0], [0.5, 1], [1.5, 2], ["2", 2]]) {
    const list = new Proxy([once, once, once], { get: (target, name) => (name === "length" ? length : target[name]) });
    assert.deepEqual(engine.checkMany(list), new Array(count).fill(wanted), String(length));
  }
});

test("a list that changes while it is read is answered to its end", () => {
  const engine = load();
  for (const [change, count] of [[(list) => list.push(once), 5], [(list) => (list.length = 2), 2], [(list) => list.pop(), 3], [(list) => list.fill(guest, 2), 4]]) {
    for (const plain of [true, false]) {
      let turns = 0;
      const list = [once, { ...once }, once, once];
      const get = () => {
        if (turns++ === 0) change(list);
        return once.resource;
      };
      Object.defineProperty(list[1], "resource", { get, enumerable: true });
      if (!plain) Object.setPrototypeOf(list[1], null);
      const answers = engine.checkMany(list);
      assert.equal(answers.length, count);
      list.forEach((request, place) => assert.deepEqual(answers[place], engine.checkAccess(slow(request))));
    }
  }
});

test("a polluted prototype changes nothing", () => {
  const wanted = JSON.stringify(load().checkAccess(slow(once)));
  const polluted = { surface: "no_such", at: "soon", extra: 1, allowed: true, organization: "org_evil", caveats: ["evil"], value: 1, writable: true, 0: once, get: () => 1, set: () => 1 };
  for (const [name, value] of Object.entries(polluted)) {
    const engine = load();
    const remembering = load();
    remembering.checkMany([once]);
    try {
      Object.prototype[name] = value;
      for (const each of [engine, remembering]) {
        assert.equal(JSON.stringify(each.checkAccess({ ...once })), wanted, name);
        assert.equal(JSON.stringify(each.checkMany([{ ...once }])), `[${wanted}]`, name);
        assert.equal(each.isAllowed(once.principal, once.action, once.resource), JSON.parse(wanted).allowed, name);
        each.apply({ type: "add_resource", project: "prj_a", resource: "more", kind: "file" });
        each.checkAccess({ ...once });
      }
    } finally {
      delete Object.prototype[name];
    }
  }
});

test("an engine that is frozen answers", () => {
  const engine = Object.freeze(load());
  for (const allowed of [true, false]) {
    for (let time = 0; time < 2; time++) {
      assert.equal(engine.isAllowed(guest.principal, guest.action, guest.resource), allowed);
      assert.equal(engine.checkAccess(guest).allowed, allowed);
      assert.equal(engine.checkMany([guest])[0].allowed, allowed);
    }
    if (allowed) engine.apply({ type: "remove_collaborator", project: "prj_a", user: LONG }, { at });
  }
});

test("what an engine remembers cannot be seen, listed or copied", () => {
  const [asked, engine] = [load(), load()];
  asked.checkAccess(once);
  assert.deepEqual(Object.keys(asked), Object.keys(engine));
  assert.deepEqual({ ...asked, __wbg_ptr: 0 }, { ...engine, __wbg_ptr: 0 });
  assert.deepEqual(Object.keys(structuredClone(asked)), Object.keys(engine));
});

const CHANGES = [
  { type: "add_collaborator", project: "prj_a", user: "usr_new", role: "admin" },
  { type: "set_collaborator_role", project: "prj_a", user: "usr_new", role: "member" },
  { type: "add_resource", project: "prj_a", resource: "none", kind: "file" },
  { type: "remove_resource", resource: "file:none" },
  { type: "add_resource", project: "prj_default", resource: "none", kind: "file" },
  { type: "create_api_key", project: "prj_a", key: "key_new", digest: `sha256:${"0".repeat(64)}` },
  { type: "expire_api_key", key: "key_new", expires_at: "2026-01-01T00:00:00Z" },
  { type: "revoke_api_key", key: "key_ends" },
  { type: "remove_collaborator", project: "prj_a", user: "usr_new" },
  { type: "remove_collaborator", project: "prj_a", user: WIDE },
];

test("after a change nothing is answered from before it", () => {
  const [engine, edge] = [load(), load()].map((engine) => Bailiwick.fromSnapshot(engine.toSnapshot()));
  // Every seventh, which are of all sorts.
  const asked = questionsOf(engine).filter((_, place) => place % 7 === 0);
  let before = checkAll(engine, asked);
  assert.deepEqual(checkAll(edge, asked), before);
  for (const change of CHANGES) {
    const { revision } = engine;
    const preview = outcome(() => engine.preview(change, { at }));
    assert.equal(typeof preview, "string", JSON.stringify(preview));
    assert.deepEqual(checkAll(engine, asked), before, "a preview changes nothing");
    engine.apply(change, { at });
    const after = checkAll(engine, asked);
    assert.ok(after.every((answer) => answer.revision === revision + 1));
    // What fails, changes nothing, and whatever was asked meanwhile is right.
    assert.throws(() => engine.apply({ type: "revoke_api_key", key: "key_none" }, { at }), BailiwickError);
    assert.throws(() => engine.apply(change, { at, expected_revision: 1 }), BailiwickError);
    assert.deepEqual(checkAll(engine, asked), after);
    assert.deepEqual(checkAll(edge, asked), before, "the edge has not followed yet");
    const delta = engine.toDelta(edge.revision);
    assert.throws(() => edge.applyDelta(delta.slice(1)), BailiwickError);
    assert.deepEqual(checkAll(edge, asked), before);
    edge.applyDelta(delta);
    assert.deepEqual(checkAll(edge, asked), after);
    before = after;
  }
});

test("names that were unknown are known when they come, and not when they go", () => {
  const engine = load();
  const question = { principal: "user:usr_comes", action: "file.read", resource: "file:f_comes" };
  const reasons = ["unknown_principal", "unknown_resource", "external_collaborator", "unknown_resource", "external_collaborator"];
  const file = { type: "add_resource", project: "prj_a", resource: "f_comes", kind: "file" };
  const changes = [{ type: "add_collaborator", project: "prj_a", user: "usr_comes", role: "member" }, file, { type: "remove_resource", resource: "file:f_comes" }, file];
  for (const [place, reason] of reasons.entries()) {
    if (place > 0) engine.apply(changes[place - 1], { at });
    for (let time = 0; time < 2; time++) {
      assert.equal(engine.checkAccess(question).reason, reason);
      assert.equal(engine.checkMany([question])[0].reason, reason);
      assert.equal(engine.isAllowed(question.principal, question.action, question.resource), reason === "external_collaborator");
    }
  }
});

test("a change in the middle of a request is before it or after it", () => {
  const changing = (engine, part, times) => {
    const request = { ...guest };
    let turn = 0;
    const user = LONG;
    const get = () => {
      if (turn < times) engine.apply(turn++ % 2 ? { type: "add_collaborator", project: "prj_a", user, role: "member" } : { type: "remove_collaborator", project: "prj_a", user }, { at });
      return guest[part];
    };
    return Object.defineProperty(request, part, { get, enumerable: true });
  };
  for (const part of Object.keys(once)) {
    for (const times of [1, 2, 3, 4, Infinity]) {
      for (const warm of [false, true]) {
        const [alone, inList, asBoolean] = [load(), load(), load()];
        const first = alone.revision;
        if (warm) for (const engine of [alone, inList, asBoolean]) engine.checkMany([guest, guest]);
        const right = (answer) => assert.equal(answer.allowed, (answer.revision - first) % 2 === 0, `${part} ${times} ${warm}`);
        const answer = alone.checkAccess(changing(alone, part, times));
        right(answer);
        assert.equal(answer.revision, alone.revision);
        const answers = inList.checkMany([guest, changing(inList, part, times), guest]);
        answers.forEach(right);
        assert.deepEqual(answers.map((answer) => answer.revision), [inList.revision, inList.revision, inList.revision]);
        assert.equal(asBoolean.isAllowed(changing(asBoolean, part, times)), (asBoolean.revision - first) % 2 === 0);
        for (const engine of [alone, inList, asBoolean]) assert.deepEqual(engine.checkAccess(guest), engine.checkAccess(slow(guest)));
      }
    }
  }
});

test("a request that asks the engine while it is read", () => {
  const engine = load();
  const other = { ...once, principal: actor, resource: "file:a:b" };
  const [wanted, wantedOther] = [once, other].map((request) => engine.checkAccess(slow(request)));
  const inner = [];
  const asking = Object.defineProperty({ ...once }, "action", {
    get() {
      inner.push(engine.checkMany([other, once]), [engine.checkAccess(other), engine.checkAccess(once)]);
      return once.action;
    },
    enumerable: true,
  });
  assert.deepEqual(load() && engine.checkMany([other, asking, once]), [wantedOther, wanted, wanted]);
  assert.ok(inner.length > 0);
  for (const answers of inner) assert.deepEqual(answers, [wantedOther, wanted]);
});

test("a key that ends and a directory that grows old do so on time", (context) => {
  let time = at;
  context.mock.method(Date, "now", () => time);
  const engine = load();
  const key = { principal: "api_key:key_ends", action: "file.read", resource: "project:prj_a" };
  const reasonsOf = (engine, request) => {
    const answers = [engine.checkAccess(request), ...engine.checkMany([once, request]).slice(1)];
    const { principal, action, resource } = request;
    for (const answer of answers) assert.equal(engine.isAllowed(principal, action, resource), answer.allowed);
    return answers.map((answer) => answer.reason);
  };
  const end = Date.parse("2026-03-01T00:00:00Z");
  for (const [now, reason] of [[at, "api_key_scope"], [end - 1, "api_key_scope"], [end, "key_expired"], [end + 1, "key_expired"], [at, "api_key_scope"]]) {
    time = now;
    assert.deepEqual(reasonsOf(engine, key), [reason, reason]);
    assert.deepEqual(reasonsOf(engine, once), ["project_role", "project_role"]);
  }
  // An instant that is named is the one that counts.
  time = end;
  assert.equal(engine.checkAccess({ ...key, at }).reason, "api_key_scope");
  assert.deepEqual(engine.checkMany([key, { ...key, at }, key]).map((answer) => answer.allowed), [false, true, false]);
  assert.equal(engine.isAllowed(key.principal, key.action, key.resource, at), true);

  const ageing = load({ issued_at: "2026-02-01T12:00:00Z", max_age_seconds: 60 });
  const until = Date.parse(ageing.freshUntil);
  for (const [now, isStale] of [[at, false], [until, false], [until + 1, true], [until, false], [until + 1, true]]) {
    time = now;
    for (const request of [once, key, { ...once, principal: "user:nobody" }, { ...once, action: "no.such" }, { ...once, resource: "file:none" }]) {
      assert.deepEqual(reasonsOf(ageing, request).map((reason) => reason === "snapshot_stale"), [isStale, isStale]);
    }
  }
});

test("a list is answered at one instant", (context) => {
  let time = Date.parse("2026-03-01T00:00:00Z") - 5;
  const engine = load();
  const key = { principal: "api_key:key_ends", action: "file.read", resource: "project:prj_a" };
  context.mock.method(Date, "now", () => time++);
  assert.deepEqual(engine.checkMany(new Array(20).fill(key)).map((answer) => answer.allowed), new Array(20).fill(true));
});

test("a clock that changes the engine", (context) => {
  const engine = load();
  const key = { principal: "api_key:key_ends", action: "file.read", resource: "project:prj_a" };
  const { now } = Date;
  const first = engine.revision;
  let turns = 0;
  context.mock.method(Date, "now", () => {
    if (turns++ < 20 && turns % 2) engine.apply({ type: "add_resource", project: "prj_a", resource: `f_${turns}`, kind: "file" }, { at });
    return now();
  });
  for (let time = 0; time < 10; time++) {
    const before = engine.revision;
    const answers = [...engine.checkMany([key, once, key]), engine.checkAccess(key), engine.checkAccess(once)];
    assert.equal(new Set(answers.slice(0, 3).map((answer) => answer.revision)).size, 1);
    assert.ok(answers.every((answer) => answer.revision >= before && answer.revision <= engine.revision));
  }
  assert.ok(engine.revision > first);
});

test("an answer is the caller's own", () => {
  const engine = load();
  const questions = questionsOf(engine);
  const wanted = JSON.stringify(engine.checkMany(questions.map(slow)));
  const spoil = (answer) => {
    answer.caveats.push("spoilt");
    for (const name of Object.keys(answer)) answer[name] = "spoilt";
    answer.more = 1;
  };
  for (let time = 0; time < 3; time++) {
    const answers = engine.checkMany(questions);
    assert.equal(JSON.stringify(answers), wanted);
    assert.ok(answers.some((answer) => answer.caveats.length > 0));
    assert.equal(new Set(answers).size, answers.length);
    answers.forEach(spoil);
    for (const question of questions.slice(0, 500)) spoil(engine.checkAccess(question));
  }
  const answer = engine.checkAccess(once);
  assert.equal(Object.getPrototypeOf(answer), Object.prototype);
  assert.ok(Array.isArray(answer.caveats));
  assert.deepEqual(Object.getOwnPropertyDescriptors(answer), Object.getOwnPropertyDescriptors(engine.checkAccess(slow(once))));
});

test("more names than are remembered", () => {
  const MOST = 1 << 15;
  const document = documentWith();
  const [first, second] = document.organizations[0].projects;
  const count = 40_000;
  for (let number = 0; number < count; number++) ((number % 2 ? first : second).resources ??= []).push({ id: `f_${number}_é`, kind: "file" });
  const engine = Bailiwick.fromDirectory(document);
  const request = (number) => ({ principal: actor, action: "file.read", resource: `file:f_${number}_é` });
  const check = (number, answer) => assert.deepEqual([answer.allowed, answer.project], [true, (number % 2 ? first : second).id], String(number));
  engine.checkMany(Array.from({ length: count }, (_, number) => request(number))).forEach((answer, number) => check(number, answer));
  for (let number = 0; number < count; number++) {
    check(number, engine.checkAccess(request(number)));
    // The one that came first, long after it was forgotten.
    if (number % 5000 === 0) check(0, engine.checkAccess(request(0)));
    const stranger = `user:stranger ${number}`;
    assert.equal(engine.isAllowed(stranger, "file.read", `file:f_${number}_é`), false);
    assert.equal(engine.isAllowed(actor, `no.such.${number}`, `file:f_${number}_é`), false);
    assert.equal(engine.isAllowed(actor, "file.read", `file:f_${number}_é`), true);
  }
  const [known] = Object.getOwnPropertySymbols(engine).map((symbol) => engine[symbol]);
  for (const map of [...known.names, known.scopes, known.words]) assert.ok(map.size > 0 || map === known.names[3]);
  for (const map of [...known.names, known.scopes, known.words]) assert.ok(map.size <= MOST, String(map.size));
});

test("a name that was cut out of a long text does not keep that", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const document = documentWith();
  const count = 100;
  for (let number = 0; number < count; number++) document.organizations[0].projects[0].resources.push({ id: `cut_out_${number + 100}`, kind: "file" });
  const engine = Bailiwick.fromDirectory(document);
  const held = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const length = 1e6;
  const before = held();
  for (let number = 0; number < count; number++) {
    // A body that somebody sent, and a part of it.
    const name = Buffer.alloc(length, `file:cut_out_${number + 100} `).toString("latin1").slice(0, 16);
    assert.equal(engine.isAllowed(actor, "file.read", name), true);
    assert.equal(engine.checkAccess({ principal: actor, action: "file.read", resource: name }).allowed, true);
  }
  const grown = held() - before;
  assert.ok(grown < 10 * length, `${grown} bytes more`);
});

test("engines do not mix", () => {
  const [one, other] = [load(), load()];
  other.apply({ type: "remove_collaborator", project: "prj_a", user: "usr_dan" }, { at });
  // So that the same numbers are of other things.
  const document = documentWith();
  document.organizations.reverse();
  for (const organization of document.organizations) for (const list of [organization.projects, organization.members]) list.reverse();
  const turned = Bailiwick.fromDirectory(document);
  const engines = [one, other, turned, Bailiwick.fromSnapshot(other.toSnapshot())];
  const questions = questionsOf(one);
  const wanted = engines.map((engine) => engine.checkMany(questions.map(slow)));
  questions.forEach((question, place) => {
    engines.forEach((engine, number) => assert.deepEqual(engine.checkAccess(question), wanted[number][place]));
    if (place % 7 === 0) engines.forEach((engine, number) => assert.deepEqual(engine.checkMany([question]), [wanted[number][place]]));
  });
});

test("an engine that was freed says so, whatever it remembers", () => {
  for (const warm of [false, true]) {
    const engine = load();
    const calls = [
      () => engine.isAllowed(once.principal, once.action, once.resource),
      () => engine.isAllowed(once),
      () => engine.checkAccess(once),
      () => engine.checkAccess(slow(once)),
      () => engine.checkMany([once]),
      () => engine.checkMany([slow(once)]),
    ];
    if (warm) for (const call of calls) call();
    const { isAllowed, checkAccess, checkMany } = engine;
    engine.free();
    for (const call of calls) assert.throws(call, { name: "Error", message: "this engine has been freed" });
    // Methods that somebody has kept.
    for (const call of [() => isAllowed.call(engine, once.principal, once.action, once.resource), () => checkAccess.call(engine, once), () => checkMany.call(engine, [once])]) {
      assert.throws(call, { name: "Error", message: "this engine has been freed" });
    }
  }
});
