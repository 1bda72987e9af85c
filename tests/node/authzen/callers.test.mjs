// The AuthZEN handler: who may ask. `verdicts.test.mjs` holds what hooks may return.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Bailiwick } from "bailiwick";
import { createAuthzenHandler } from "bailiwick/authzen";

import { DOCUMENT, guard, BASE, PATHS, read, question, request, ask, expectRefused } from "./scene.mjs";

describe("who may ask", () => {
  const answering = (verdict) => createAuthzenHandler(guard, { authenticate: verdict });
  const status = async (decisionPoint, options) => (await ask(PATHS[0], question, options, decisionPoint)).status;

  test("the host's hook decides, with the request in hand", async () => {
    const hook = answering(async ({ headers }) => headers.get("authorization") === "Bearer good");
    assert.equal(await status(hook, { headers: { authorization: "Bearer good" } }), 200);
    assert.equal(await status(hook, { headers: { authorization: "Bearer bad" } }), 401);
    assert.equal(await status(hook), 401);
    assert.equal((await ask(PATHS[0], question, {}, hook)).headers.get("www-authenticate"), "Bearer");
  });

  test("a response of the hook is sent as it is, and is no permission", async () => {
    const response = await ask(PATHS[0], question, { headers: { "x-request-id": "7" } }, answering(() => Response.json({ error: "suspended" }, { status: 403 })));
    assert.deepEqual([response.status, response.headers.get("x-request-id"), await response.json()], [403, "7", { error: "suspended" }]);
    const redirect = await ask(PATHS[0], question, {}, answering(() => Response.redirect("https://login.example.com")));
    assert.equal(redirect.status, 302);
  });

  test("nothing is answered before the hook has, and the body is read by nobody", async () => {
    let pulled = 0;
    const body = new ReadableStream({ pull: (controller) => (pulled++, controller.enqueue(new Uint8Array(8))) }, { highWaterMark: 0 });
    const headers = { "content-type": "application/json" };
    await expectRefused(await answering(() => false)(new Request(BASE + PATHS[0], { method: "POST", body, headers, duplex: "half" })), 401);
    assert.equal(pulled, 0);
  });

  test("what the host's own code throws is not told to the caller, not even an error of ours", async (context) => {
    context.mock.method(console, "error", () => {});
    const ours = () => Bailiwick.fromDirectory({});
    for (const decisionPoint of [answering(ours), createAuthzenHandler(ours)]) {
      const response = await ask(PATHS[0], question, {}, decisionPoint);
      assert.deepEqual([response.status, await response.text()], [500, "internal error"]);
    }
  });

  test("the metadata is for everybody", async () => {
    assert.equal((await ask("/.well-known/authzen-configuration", undefined, { method: "GET" }, answering(() => false))).status, 200);
  });

  test("a hook that throws is a 500 without its message, and lets nobody in", async (context) => {
    const told = context.mock.method(console, "error", () => {});
    for (const hook of [() => { throw new Error("secret"); }, async () => { throw new Error("secret"); }]) {
      const response = await ask(PATHS[0], question, { headers: { "x-request-id": "7" } }, answering(hook));
      assert.equal(response.headers.get("x-request-id"), "7");
      assert.equal(response.status, 500);
      assert.doesNotMatch(await response.text(), /secret/);
    }
    assert.equal(told.mock.callCount(), 2);
  });

  test("an engine that was freed is a 500, not a decision", async (context) => {
    context.mock.method(console, "error", () => {});
    const freed = Bailiwick.fromDirectory(DOCUMENT);
    const decisionPoint = createAuthzenHandler(freed);
    freed.free();
    assert.equal(await status(decisionPoint), 500);
  });
});
