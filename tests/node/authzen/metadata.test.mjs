// The AuthZEN handler: the metadata of the decision point.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { authzenMetadata } from "bailiwick";
import { createAuthzenHandler } from "bailiwick/authzen";

import { guard, handler, BASE, question, well, request, ask, expectRefused } from "./scene.mjs";

describe("metadata", () => {
  const metadata = async (path, decisionPoint, base) => (await ask(path, undefined, { method: "GET", base }, decisionPoint)).json();

  test("a host's own address is published as it is, with an endpoint for each API that answers", async () => {
    const decisionPoint = createAuthzenHandler(guard, { baseUrl: BASE });
    const response = await ask("/.well-known/authzen-configuration", undefined, { method: "GET", base: "http://10.0.0.1" }, decisionPoint);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "application/json");
    const published = await response.json();
    assert.deepEqual(published, {
      policy_decision_point: BASE,
      access_evaluation_endpoint: `${BASE}/access/v1/evaluation`,
      access_evaluations_endpoint: `${BASE}/access/v1/evaluations`,
      search_subject_endpoint: `${BASE}/access/v1/search/subject`,
      search_resource_endpoint: `${BASE}/access/v1/search/resource`,
      search_action_endpoint: `${BASE}/access/v1/search/action`,
    });
    for (const [name, url] of Object.entries(published)) {
      if (name !== "policy_decision_point") assert.equal((await ask(new URL(url).pathname, well(url), {}, decisionPoint)).status, 200, url);
    }
  });

  test("an address with a path has its metadata between host and path, and its endpoints below", async () => {
    for (const baseUrl of [`${BASE}/tenant1`, `${BASE}/tenant1/`]) {
      const decisionPoint = createAuthzenHandler(guard, { baseUrl });
      const published = await metadata("/.well-known/authzen-configuration/tenant1", decisionPoint);
      assert.equal(published.policy_decision_point, baseUrl);
      assert.equal(published.access_evaluation_endpoint, `${BASE}/tenant1/access/v1/evaluation`);
      assert.equal((await ask("/tenant1/access/v1/evaluation", question, {}, decisionPoint)).status, 200);
      await expectRefused(await ask("/access/v1/evaluation", question, {}, decisionPoint), 404);
      await expectRefused(await ask("/.well-known/authzen-configuration", undefined, { method: "GET" }, decisionPoint), 404);
    }
  });

  test("without an address, it is the one that is asked; https, or the machine itself", async () => {
    const path = "/.well-known/authzen-configuration";
    assert.equal((await metadata(path, handler, BASE)).policy_decision_point, BASE);
    assert.equal((await metadata(path, handler, "http://pdp.example.com:8080")).policy_decision_point, "https://pdp.example.com:8080");
    assert.equal((await metadata(path, handler, "http://127.0.0.1:8787")).policy_decision_point, "http://127.0.0.1:8787");
  });

  test("HEAD is GET without the body", async () => {
    const path = "/.well-known/authzen-configuration";
    for (const decisionPoint of [handler, createAuthzenHandler(guard, { baseUrl: BASE, authenticate: () => false })]) {
      const headers = { "x-request-id": "7" };
      const [get, head] = await Promise.all(["GET", "HEAD"].map((method) => ask(path, undefined, { method, headers }, decisionPoint)));
      assert.deepEqual([head.status, [...head.headers]], [200, [...get.headers]]);
      assert.deepEqual([head.body, await head.text()], [null, ""]);
      assert.notEqual(await get.text(), "");
    }
  });

  test("the pure function says the same", async () => {
    assert.deepEqual(JSON.parse(authzenMetadata(BASE)), await metadata("/.well-known/authzen-configuration", createAuthzenHandler(guard, { baseUrl: BASE })));
  });
});
