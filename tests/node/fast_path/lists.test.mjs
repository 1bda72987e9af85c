// Lists of requests on the fast path.
import assert from "node:assert/strict";
import { test } from "node:test";

import { BailiwickError, isBailiwickError } from "bailiwick";

import { at, once, guest, load, slow } from "./scene.mjs";

test("lists of any length, and a list that gives a wrong one", () => {
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

test("a list is answered at one instant", (context) => {
  let time = Date.parse("2026-03-01T00:00:00Z") - 5;
  const engine = load();
  const key = { principal: "api_key:key_ends", action: "file.read", resource: "project:prj_a" };
  context.mock.method(Date, "now", () => time++);
  assert.deepEqual(engine.checkMany(new Array(20).fill(key)).map((answer) => answer.allowed), new Array(20).fill(true));
});
