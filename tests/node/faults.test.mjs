// All faults of a document with their places, as JavaScript gets them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Bailiwick, findFaults } from "bailiwick";
import fc from "fast-check";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const TEXT = read("../directories/acme.json");
const POLICY = read("../../core/policies/projects-2026-02.json");
const utf8 = (text) => new TextEncoder().encode(text);

// The faults, after it has been seen that the first one is what loading throws.
function told(text, options) {
  const faults = findFaults(text, options);
  try {
    Bailiwick.fromDirectory(text, options);
    assert.deepEqual(faults, []);
  } catch ({ code, path }) {
    assert.deepEqual([faults[0]?.code, faults[0]?.path], [code, path]);
  }
  return faults.map(({ code, path, line, column }) => [code, path, line, column]);
}

test("a document that loads has none", () => {
  for (const text of [TEXT, utf8(TEXT), POLICY]) assert.deepEqual(findFaults(text), []);
  for (const policy of [null, undefined, "projects-2026-02", JSON.parse(POLICY)]) assert.deepEqual(findFaults(TEXT, { policy }), []);
  for (const options of [undefined, {}]) assert.deepEqual(findFaults(TEXT, options), []);
});

test("a fault says where it begins", () => {
  const [fault, ...others] = findFaults('{"format": "bailiwick/1",\n\t"organizations": 1}');
  assert.deepEqual(Object.keys(fault), ["code", "path", "message", "line", "column"]);
  assert.deepEqual([fault.code, fault.path, fault.line, fault.column, others], ["wrong_type", "/organizations", 2, 19, []]);
  assert.match(fault.message, /expected a list/);
  assert.deepEqual(told('{"format": "bailiwick/1", "organizations": [],\r\n\t"é😀": 1, "users": [{"id": "😀", "mail": 2}]}'), [
    ["unknown_field", "/é😀", 2, 2],
    ["unknown_field", "/users/0/mail", 2, 33],
  ]);
  assert.deepEqual(told('{"é": 1,\n "é": 2}'), [["invalid_json", "/é", 2, 2]]);
  assert.deepEqual(told("[".repeat(100_000)), [["invalid_json", "", 1, 100_000]]);
});

test("faults of a policy", () => {
  const text = POLICY.replace('"collaborator_role": "member"', '"collaborator_role": "duke"');
  assert.deepEqual(
    findFaults(text).map(({ code }) => code),
    ["unknown_role"],
  );
  for (const [policy, code] of [
    ["none", "unknown_policy"],
    [7, "wrong_type"],
    [{ format: "bailiwick-policy/1" }, "missing_field"],
  ]) {
    assert.throws(() => findFaults("{", { policy }), { code, path: "/policy" });
  }
});

test("what is no text is refused, and so are unknown options", () => {
  for (const text of [null, undefined, 7, {}, [], new Date()]) assert.throws(() => findFaults(text), { code: "wrong_type", path: "/text" });
  assert.throws(() => findFaults("{}", { polcy: "x" }), { code: "unknown_field", path: "/polcy" });
  assert.throws(() => findFaults("{}", 7), { code: "wrong_type", path: "" });
});

test("no more than so many are told", () => {
  const of = (count) => findFaults(JSON.stringify({ format: "bailiwick/1", organizations: [], users: Array(count + 1).fill({ id: "u" }) })).length;
  assert.deepEqual([0, 1, 999, 1000, 1001, 5000].map(of), [0, 1, 999, 1000, 1000, 1000]);
});

test("the first is what loading throws", () => {
  const piece = fc.tuple(fc.nat(TEXT.length), fc.constantFrom("", "0", '"', "}", ",", "null", '"x": 1,', "é"), fc.nat(2));
  const spoil = (text, [start, put, cut]) => text.slice(0, start) + put + text.slice(start + cut);
  fc.assert(fc.property(fc.array(piece, { minLength: 1, maxLength: 3 }), (pieces) => void told(pieces.reduce(spoil, TEXT))));
});
