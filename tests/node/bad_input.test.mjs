// What only JavaScript can send: the answer is a BailiwickError with a code and a path, and the engine goes on.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Bailiwick, BailiwickError, isBailiwickError, version } from "bailiwick";
import fc from "fast-check";

const document = JSON.parse(readFileSync(new URL("../directories/acme.json", import.meta.url), "utf8"));
const guard = Bailiwick.fromDirectory(document);
const at = "2026-02-01T12:00:00Z";
const question = { principal: "user:usr_ada", action: "billing.read", resource: "organization:org_acme", at };

function refused(call, code, path) {
  assert.throws(call, (error) => {
    assert.ok(error instanceof BailiwickError && error instanceof Error && isBailiwickError(error), String(error));
    assert.equal(error.name, "BailiwickError");
    assert.equal(typeof error.message, "string");
    assert.ok(error.message.length < 500 && error.stack);
    assert.deepEqual([error.code, error.path], [code, path]);
    return true;
  });
  assert.equal(guard.isAllowed(question.principal, question.action, question.resource, at), true, "the engine goes on");
}

const loading = (change) => () => Bailiwick.fromDirectory({ ...structuredClone(document), ...change });

test("values that JSON does not have", () => {
  refused(loading({ max_age_seconds: NaN }), "wrong_type", "/max_age_seconds");
  refused(loading({ max_age_seconds: Infinity }), "wrong_type", "/max_age_seconds");
  refused(loading({ revision: 1n }), "wrong_type", "/revision");
  refused(loading({ users: () => [] }), "wrong_type", "/users");
  refused(loading({ users: Symbol("users") }), "wrong_type", "/users");
  refused(loading({ users: [, 1] }), "wrong_type", "/users/0"); // eslint-disable-line no-sparse-arrays
  refused(loading({ users: new Map() }), "wrong_type", "/users");
  for (const value of [undefined, null, 1, true, "", Symbol("x"), 1n, () => {}, []]) {
    assert.throws(() => Bailiwick.fromDirectory(value), BailiwickError);
  }
});

test("a boolean is a boolean", () => {
  const external = structuredClone(document);
  external.organizations[0].projects[0].allow_external_collaborators = "false";
  refused(() => Bailiwick.fromDirectory(external), "wrong_type", "/organizations/0/projects/0/allow_external_collaborators");
  external.organizations[0].projects[0].allow_external_collaborators = 0;
  refused(() => Bailiwick.fromDirectory(external), "wrong_type", "/organizations/0/projects/0/allow_external_collaborators");
});

test("lone surrogates never become the same id", () => {
  refused(() => guard.checkAccess({ ...question, principal: "user:\ud800" }), "invalid_id", "/principal");
  refused(() => guard.isAllowed("user:\udfff", "billing.read", "organization:org_acme"), "invalid_id", "/principal");
  refused(loading({ users: [{ id: "\ud800" }] }), "invalid_id", "/users/0/id");
  assert.throws(() => Bailiwick.fromDirectory(`{"format": "\ud800"}`), BailiwickError);
  assert.equal(guard.isAllowed("user:\u{1f600}", "billing.read", "organization:org_acme", at), false);
});

test("inherited and polluted properties do not count", () => {
  refused(() => guard.checkAccess(Object.create(question)), "missing_field", "");
  try {
    Object.prototype.surface = "nowhere";
    Object.prototype.max_age_seconds = 0;
    assert.equal(guard.checkAccess(question).allowed, true);
    Bailiwick.fromDirectory(document);
  } finally {
    delete Object.prototype.surface;
    delete Object.prototype.max_age_seconds;
  }
});

test("objects that refer to themselves, and deep ones", () => {
  const cyclic = { ...question };
  cyclic.principal = cyclic;
  assert.throws(() => guard.checkAccess(cyclic), BailiwickError);
  const users = [];
  users.push(users);
  refused(loading({ users }), "wrong_type", "/users/0");
  let deep = {};
  for (let level = 0; level < 10_000; level++) deep = { deep };
  refused(loading({ deep }), "unknown_field", "/deep");
  refused(() => Bailiwick.fromDirectory(`{"format":"bailiwick/1","organizations":${"[".repeat(10_000)}${"]".repeat(10_000)}}`), "wrong_type", "/organizations/0");
  assert.throws(() => Bailiwick.fromDirectory("[".repeat(1_000_000)), { code: "invalid_json", path: "" });
  // Thirty levels of two references to the same: a billion values, if they were all written out.
  let shared = [];
  for (let level = 0; level < 30; level++) shared = [shared, shared];
  assert.throws(loading({ users: shared }), BailiwickError);
});

test("names that mean something to JavaScript are names like any other", () => {
  for (const name of ["__proto__", "constructor", "toString", "toJSON"]) {
    const policy = JSON.parse(`{"format": "bailiwick-policy/1", "id": "own", "surfaces": [{"surface": "${name}"}],
      "default_surfaces": {"user": "${name}", "api_key": "${name}"}, "organization_roles": [{"role": "${name}"}], "project_roles": ["${name}"],
      "collaborator_role": "${name}", "kinds": [{"kind": "${name}", "support": {"${name}": "supported"}}]}`);
    const written = Bailiwick.fromDirectory({ format: "bailiwick/1", policy, organizations: [] }).toDirectory();
    assert.deepEqual(Object.entries(written.policy.kinds[0].support), [[name, "supported"]]);
    assert.deepEqual(Bailiwick.fromDirectory(written).toDirectory(), written);
  }
});

test("getters and proxies that throw", () => {
  const trap = Object.defineProperty({ ...question }, "action", { enumerable: true, get() { throw new Error("no"); } });
  refused(() => guard.checkAccess(trap), "wrong_type", "/action");
  assert.throws(() => guard.checkAccess(new Proxy({}, { ownKeys() { throw new Error("no"); } })), BailiwickError);
  // A getter that asks the engine while the engine reads it.
  const nested = Object.defineProperty({ ...question }, "surface", { enumerable: true, get: () => (guard.checkAccess(question).allowed ? "ui" : "nowhere") });
  assert.equal(guard.checkAccess(nested).allowed, true);
});

test("large input", () => {
  const long = "x".repeat(2_000_000);
  refused(() => guard.checkAccess({ ...question, principal: `user:${long}` }), "invalid_id", "/principal");
  refused(() => guard.isAllowed(`user:${long}`, "billing.read", "organization:org_acme"), "invalid_id", "/principal");
  assert.equal(guard.checkAccess({ ...question, action: long }).reason, "unknown_action");
  refused(loading({ users: [{ id: "usr_new", email: long }] }), "limit_exceeded", "/users/0/email");
  refused(loading({ [long]: 1 }), "unknown_field", `/${"x".repeat(256)}`);
  const text = JSON.stringify(document);
  refused(() => Bailiwick.fromDirectory(text + " ".repeat(50_000_000) + "x"), "invalid_json", "");
  refused(() => Bailiwick.fromDirectory(`{"format":"bailiwick/1","organizations":[${"0,".repeat(25_000_000)}0]}`), "wrong_type", "/organizations/0");
});

test("instants", () => {
  const plain = guard.checkAccess(question);
  assert.deepEqual(guard.checkAccess({ ...question, at: new Date(at) }), plain);
  assert.deepEqual(guard.checkAccess({ ...question, at: Date.parse(at) }), plain);
  assert.equal(guard.isAllowed(question.principal, question.action, question.resource, new Date(at)), true);
  assert.equal(guard.isAllowed(question.principal, question.action, question.resource, Date.parse(at)), true);
  for (const bad of [NaN, Infinity, 1e300, new Date(NaN), "yesterday", "2026-02-01"]) {
    refused(() => guard.checkAccess({ ...question, at: bad }), "invalid_timestamp", "/at");
    refused(() => guard.isAllowed(question.principal, question.action, question.resource, bad), "invalid_timestamp", "/at");
  }
  refused(loading({ issued_at: 5 }), "wrong_type", "/issued_at");
});

test("arguments of isAllowed that are no strings", () => {
  for (const bad of [undefined, null, 1, {}, []]) {
    assert.throws(() => guard.isAllowed("user:usr_ada", bad, "organization:org_acme"), BailiwickError);
    assert.throws(() => guard.isAllowed("user:usr_ada", "billing.read", bad), BailiwickError);
  }
  assert.equal(guard.isAllowed({ type: "user", id: "usr_ada" }, "billing.read", "organization:org_acme", at), true);
  assert.equal(guard.isAllowed({ ...question, min_revision: 10_000 }), false);
});

test("rows that cannot be attributed are counted, beside the list", () => {
  const rows = guard.attributeMany([{ principal: "user:nobody", kind: "file" }, null, { principal: "api_key:key_ci", kind: "file", at }]);
  assert.deepEqual(rows.map((row) => row.reason), ["unknown_principal", "wrong_type", "project_scoped"]);
  assert.equal(rows.unattributed, 2);
  assert.deepEqual(Object.keys(rows), ["0", "1", "2"]);
});

test("properties", () => {
  assert.match(version, /^\d+\.\d+\.\d+/);
  const reference = fc.oneof(fc.constantFrom("user:usr_ada", "user:usr_bob", "api_key:key_ci", "user:nobody", "organization:org_acme", "project:prj_a"), fc.string());
  const request = fc.record({ principal: reference, action: fc.constantFrom("billing.read", "file.create", "nothing"), resource: reference, at: fc.constant(at) });
  const outcome = (call) => {
    try {
      return call();
    } catch (error) {
      assert.ok(isBailiwickError(error), String(error));
      return error.code;
    }
  };
  fc.assert(fc.property(request, (one) => {
    const decision = outcome(() => guard.checkAccess(one));
    assert.deepEqual(outcome(() => guard.isAllowed(one.principal, one.action, one.resource, at)), decision.allowed ?? decision);
    assert.deepEqual(outcome(() => guard.checkMany([one])), typeof decision === "string" ? decision : [decision]);
  }));
  fc.assert(fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withSparseArray: true, withNullPrototype: true }), (value) => {
    outcome(() => Bailiwick.fromDirectory(value));
    outcome(() => guard.checkAccess(value));
    outcome(() => guard.checkAccess({ ...question, surface: value }));
    outcome(() => guard.attribute(value));
    outcome(() => guard.isAllowed(value, value, value, value));
    assert.equal(guard.attributeMany([value]).length, 1);
  }));
  assert.deepEqual(Bailiwick.fromDirectory(guard.toDirectory()).toDirectory(), guard.toDirectory());
});
