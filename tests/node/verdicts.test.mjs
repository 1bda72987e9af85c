// What a host's `authenticate` says, and what becomes of the request: the table that the ASGI application is held to as well, and what only JavaScript has.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { Bailiwick, isBailiwickError } from "bailiwick";
import { createAuthzenHandler } from "bailiwick/authzen";

const { verdicts, hooks } = JSON.parse(readFileSync(new URL("../authzen-verdicts.json", import.meta.url), "utf8"));
const guard = Bailiwick.fromDirectory({
  format: "bailiwick/1",
  organizations: [{ id: "org_acme", owner: "usr_ada", members: [{ user: "usr_ada", role: "admin" }], projects: [{ id: "prj_a", default: true }] }],
});
const QUESTION = { subject: { type: "user", id: "usr_ada" }, action: { name: "file.read" }, resource: { type: "project", id: "prj_a" } };

const ask = (handler) =>
  handler(
    new Request("https://pdp.example.com/access/v1/evaluation", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(QUESTION),
    }),
  );

const MAKERS = {
  nothing: () => undefined,
  "promise of true": () => Promise.resolve(true),
  "promise of false": () => Promise.resolve(false),
  "promise of one": () => Promise.resolve(1),
  "promise of a promise of one": async () => Promise.resolve(1),
  "response 403": () => new Response("suspended", { status: 403 }),
  "response 200": () => new Response("log in", { status: 200 }),
  "not a number": () => NaN,
  infinity: () => Infinity,
  "a large integer": () => 10n ** 30n,
  "a pair of no and why": () => [false, "why"],
  "an object of a class, with a status": () => new (class Reply { status = 200; ok = true; })(),
  "equal to true": () => Object(true),
  bytes: () => Uint8Array.of(1),
  "a set": () => new Set([true]),
  "an error": () => new Error("no"),
  "a class of errors": () => TypeError,
  "a class": () => class Permission {},
  "a function": () => () => true,
  "an asynchronous function": () => async () => true,
  "a generator": () => (function* () { yield true; return true; })(),
  "an asynchronous generator": () => (async function* () { yield true; return true; })(),
  raised: () => { throw new Error("the secret is 42"); },
  "raised later": () => Promise.reject(new Error("the secret is 42")),
};

const HOOKS = {
  nothing: () => undefined,
  "a hook": () => () => true,
  "promise of a hook": () => Promise.resolve(() => true),
  "a generator": MAKERS["a generator"],
  "a class": MAKERS["a class"],
  "a generator function": () => function* () { yield true; return true; },
};

/** What makes the value that an entry of the table names. */
function maker(makers, { make, value }) {
  if (make === undefined) return () => value;
  assert.ok(Object.hasOwn(makers, make), `this runner cannot make ${make}`);
  return makers[make];
}

async function expect(then, response) {
  const text = await response.text();
  assert.equal(text.includes("decision"), then === "permitted", text);
  if (then === "permitted") assert.deepEqual([response.status, text], [200, '{"decision":true}']);
  else if (then === "refused") assert.deepEqual([response.status, response.headers.get("www-authenticate")], [401, "Bearer"]);
  else if (then === "failed") assert.deepEqual([response.status, text], [500, "internal error"]);
  else assert.deepEqual(["answered", text], [then, response.status === 403 ? "suspended" : "log in"]);
}

describe("a verdict", () => {
  for (const entry of verdicts) {
    test(`${entry.note}: ${entry.then}`, async (context) => {
      context.mock.method(console, "error", () => {});
      const make = maker(MAKERS, entry);
      await expect(entry.then, await ask(createAuthzenHandler(guard, { authenticate: () => make() })));
      await expect(entry.then, await ask(createAuthzenHandler(guard, { authenticate: async () => make() })));
    });
  }

  test("the table has all that can be made", () => {
    const named = new Set(verdicts.map(({ make }) => make));
    assert.deepEqual(Object.keys(MAKERS).filter((name) => !named.has(name)), []);
  });

  test("what only JavaScript has is waited for like a promise, and permits by true alone", async () => {
    const later = (value) => ({ then: (resolve) => resolve(value) });
    for (const [verdict, then] of [
      [later(true), "permitted"], [later(later(true)), "permitted"], [later(1), "refused"], [later(later({ ok: true })), "refused"],
      [Symbol("true"), "refused"], [new Proxy({}, { get: () => true }), "refused"], [{ [Symbol.toPrimitive]: () => true }, "refused"], [new String("true"), "refused"],
      [Object.create(Response.prototype, { status: { value: 200 }, body: { value: null }, headers: { value: new Headers() }, statusText: { value: "" } }), "own"],
    ]) {
      const response = await ask(createAuthzenHandler(guard, { authenticate: () => verdict }));
      if (then === "own") assert.doesNotMatch(await response.text(), /decision/);
      else await expect(then, response);
    }
  });
});

describe("a hook", () => {
  const refused = (options) =>
    assert.throws(() => createAuthzenHandler(guard, options), (error) => isBailiwickError(error) && error.code === "wrong_type" && error.path === "/authenticate");

  for (const entry of hooks) {
    test(`${entry.note}: ${entry.then}`, async (context) => {
      context.mock.method(console, "error", () => {});
      if (entry.make === "left out") {
        for (const options of [undefined, null, {}]) await expect("permitted", await ask(createAuthzenHandler(guard, options)));
        return;
      }
      const options = { authenticate: maker(HOOKS, entry)() };
      if (entry.then === "wrong_type") refused(options);
      else if (entry.then === "permits") await expect("permitted", await ask(createAuthzenHandler(guard, options)));
      else {
        assert.equal(entry.then, "lets nobody in");
        const response = await ask(createAuthzenHandler(guard, options));
        assert.ok([401, 500].includes(response.status));
        assert.doesNotMatch(await response.text(), /decision/);
      }
    });
  }

  test("that is inherited is neither left out nor the host's own", () => {
    for (const inherited of [() => true, () => false, undefined, null]) {
      Object.prototype.authenticate = inherited;
      try {
        for (const options of [undefined, null, {}, { reasons: true }]) refused(options);
      } finally {
        delete Object.prototype.authenticate;
      }
    }
    refused(Object.defineProperty({}, "authenticate", { value: () => true }));
    refused(Object.create({ authenticate: () => true }));
    refused(Object.create({ authenticate: undefined }));
  });

  test("that is read is the hook that is asked: a getter answers once", async () => {
    let reads = 0;
    const options = { get authenticate() { return reads++ === 0 ? () => false : undefined; } };
    await expect("refused", await ask(createAuthzenHandler(guard, options)));
    assert.equal(reads, 1);
  });

  test("other options that are inherited are none", async () => {
    Object.assign(Object.prototype, { baseUrl: "https://evil.example", reasons: true, trustContextTime: true });
    try {
      const handler = createAuthzenHandler(guard, {});
      await expect("permitted", await ask(handler));
      const metadata = await (await handler(new Request("https://pdp.example.com/.well-known/authzen-configuration"))).json();
      assert.equal(metadata.policy_decision_point, "https://pdp.example.com");
    } finally {
      for (const name of ["baseUrl", "reasons", "trustContextTime"]) delete Object.prototype[name];
    }
  });
});
