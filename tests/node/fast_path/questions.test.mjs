// The fast path answers as the general path does, whatever the request is.
import assert from "node:assert/strict";
import { test } from "node:test";

import { BailiwickError, isBailiwickError } from "bailiwick";

import { LONG, WIDE, at, once, guest, load, questionsOf, slow, alike, checkAll } from "./scene.mjs";

test("the fast path and the general path give the same answer", () => {
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

test("requests that are not plain objects take the general path", () => {
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

test("an exception while a request is read becomes a BailiwickError", () => {
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

test("the cache is neither enumerated nor copied", () => {
  const [asked, engine] = [load(), load()];
  asked.checkAccess(once);
  assert.deepEqual(Object.keys(asked), Object.keys(engine));
  assert.deepEqual({ ...asked, __wbg_ptr: 0 }, { ...engine, __wbg_ptr: 0 });
  assert.deepEqual(Object.keys(structuredClone(asked)), Object.keys(engine));
});
