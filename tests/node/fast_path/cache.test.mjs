// The cache of the fast path: its bounds, and that it is neither shared nor seen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { Bailiwick } from "bailiwick";

import { at, actor, once, documentWith, load, questionsOf, slow } from "./scene.mjs";

test("a caller may change an answer", () => {
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

test("more names than the cache holds", () => {
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
  const [cache] = Object.getOwnPropertySymbols(engine).map((symbol) => engine[symbol]);
  for (const map of [...cache.names, cache.scopes, cache.answers]) assert.ok(map.size > 0 || map === cache.names[3]);
  for (const map of [...cache.names, cache.scopes, cache.answers]) assert.ok(map.size <= MOST, String(map.size));
});

test("a cached name does not keep the text that it was cut from in memory", () => {
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

test("engines do not share a cache", () => {
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

test("an engine that was freed says so, whatever is cached", () => {
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
