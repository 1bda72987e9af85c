// The AuthZEN handler: decisions and headers. What is in the bodies is the core's, and proved by the shared suite.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Bailiwick } from "bailiwick";
import { createAuthzenHandler } from "bailiwick/authzen";

import { DOCUMENT, guard, PATHS, bob, read, file, question, well, request, ask, expectDecision, expectRefused } from "./scene.mjs";

describe("what an answer is", () => {
  test("a permission and its denying twin are both 200, with the decision alone", async () => {
    await expectDecision(question, true);
    await expectDecision({ ...question, resource: { type: "file", id: "file_3" } }, false);
    await expectDecision({ ...question, action: { name: "no.such.action" } }, false);
    await expectDecision({ ...question, subject: { type: "robot", id: "usr_bob" } }, false);
  });

  test("every API answers 200 and application/json, an object each", async () => {
    for (const path of PATHS) {
      const response = await ask(path, well(path));
      assert.equal(response.status, 200, path);
      assert.equal(response.headers.get("content-type"), "application/json");
      assert.equal(typeof (await response.json()), "object");
    }
  });

  test("the same question has the same body, byte for byte", async () => {
    for (const path of PATHS) {
      const bodies = await Promise.all([1, 2, 3].map(async () => (await ask(path, well(path))).text()));
      assert.equal(new Set(bodies).size, 1);
    }
  });

  test("searches find what evaluations permit", async () => {
    const found = async (path, body) => (await (await ask(path, body)).json()).results;
    assert.deepEqual(await found("/access/v1/search/subject", { ...question, subject: { type: "user" } }), [{ type: "user", id: "usr_ada" }, bob]);
    assert.deepEqual(await found("/access/v1/search/resource", { ...question, resource: { type: "file" } }), [file, { type: "file", id: "file_2" }]);
    assert.ok((await found("/access/v1/search/action", well("action"))).some(({ name }) => name === "file.read"));
  });

  test("reasons are told only where the host says so", async () => {
    const open = createAuthzenHandler(guard, { reasons: true });
    const { reason, caveats } = guard.checkAccess({ principal: "user:usr_bob", action: "file.read", resource: "file:file_1" });
    assert.deepEqual(await (await ask(PATHS[0], question, {}, open)).json(), { decision: true, context: { reason, caveats } });
    const denied = await (await ask(PATHS[0], { ...question, subject: { type: "user", id: "nobody" } }, {}, open)).json();
    assert.deepEqual(denied, { decision: false, context: { reason: "unknown_principal", caveats: [] } });
  });

  test("a caller's clock counts only where the host says so", async () => {
    const past = { subject: { type: "api_key", id: "key_old" }, action: read, resource: file, context: { time: "2025-12-31T00:00:00Z" } };
    const trusting = createAuthzenHandler(guard, { trustContextTime: true });
    assert.deepEqual(await (await ask(PATHS[0], past)).json(), { decision: false });
    assert.deepEqual(await (await ask(PATHS[0], past, {}, trusting)).json(), { decision: true });
    await expectDecision({ ...question, context: { time: "whenever" } }, true);
    await expectRefused(await ask(PATHS[0], { ...question, context: { time: "whenever" } }, {}, trusting), 400, /invalid_timestamp at \/context\/time/);
  });

  test("it answers by the newest revision", async () => {
    const own = Bailiwick.fromDirectory(DOCUMENT);
    const decisionPoint = createAuthzenHandler(own);
    own.apply({ type: "remove_collaborator", project: "prj_a", user: "usr_bob" });
    assert.deepEqual(await (await ask(PATHS[0], question, {}, decisionPoint)).json(), { decision: false });
  });
});

describe("headers", () => {
  test("the request's identifier comes back with every answer", async () => {
    const headers = { "x-request-id": "bfe9eb29-ab87" };
    const echoed = [
      ask(PATHS[0], question, { headers }), ask(PATHS[0], "{", { headers }), ask("/nowhere", question, { headers }), ask(PATHS[0], undefined, { method: "GET", headers }),
      ask(PATHS[0], question, { headers }, createAuthzenHandler(guard, { authenticate: () => false })), ask("/.well-known/authzen-configuration", undefined, { method: "GET", headers }),
    ];
    for (const response of await Promise.all(echoed)) assert.equal(response.headers.get("x-request-id"), "bfe9eb29-ab87", response.status);
  });

  test("without one, there is none", async () => assert.equal((await ask(PATHS[0], question)).headers.get("x-request-id"), null));

  test("nobody keeps an answer, and no browser takes a sentence for a page", async () => {
    for (const response of [await ask(PATHS[0], question), await ask(PATHS[0], "<script>")]) {
      assert.equal(response.headers.get("cache-control"), "no-store");
      assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    }
  });
});
