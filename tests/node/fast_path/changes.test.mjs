// The fast path after changes, and while the caller changes the engine.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Bailiwick, BailiwickError } from "bailiwick";

import { LONG, WIDE, at, actor, once, guest, load, questionsOf, slow, outcome, checkAll } from "./scene.mjs";

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

test("no answer is older than the last change", () => {
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

test("names that are added and removed are followed", () => {
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

test("an expiring key and an ageing directory end on time", (context) => {
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
