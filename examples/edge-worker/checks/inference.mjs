// Who is let through, and what the upstream and the client are told about it.
import assert from "node:assert/strict";
import { it } from "node:test";

import { assertDenied, assertUnauthenticated, booked } from "./answers.mjs";

export function inference(place) {
  // What is booked where, whole. `revision` is the directory's.
  const booking = (organization, project, reason, more = {}) => ({
    "x-bailiwick-organization": organization,
    ...(project && { "x-bailiwick-project": project }),
    "x-bailiwick-reason": reason,
    "x-bailiwick-certainty": "certain",
    "x-bailiwick-revision": String(place.plane.guard.revision),
    ...more,
  });

  const allowed = [
    ["a file of the key's project", "ci", "GET", "/v1/files/file_a", () => booking("org_acme", "prj_a", "project_scoped")],
    ["another project's own file", "eve", "DELETE", "/v1/files/file_b", () => booking("org_acme", "prj_b", "project_scoped")],
    ["a list", "ci", "GET", "/v1/files?limit=2&after=f%2F1", () => booking("org_acme", "prj_a", "project_scoped")],
    ["usage by key", "ci", "POST", "/v1/responses", () => booking("org_acme", "prj_a", "project_scoped", { "x-bailiwick-api-key": "key_ci" })],
    [
      "what is not kept apart by project",
      "ci",
      "POST",
      "/v1/code_interpreter",
      () => booking("org_acme", "prj_default", "default_project_fallback", { "x-bailiwick-api-key": "key_ci" }),
    ],
    [
      "what may be booked to another organization",
      "zoe",
      "POST",
      "/v1/code_interpreter",
      () => booking("org_partner", null, "external_home_organization", { "x-bailiwick-certainty": "possible", "x-bailiwick-api-key": "key_zoe" }),
    ],
    ["a job on a cluster", "ci", "POST", "/v1/clusters/cl_1/jobs", () => booking("org_acme", "prj_a", "project_scoped")],
  ];
  for (const [what, key, method, path, wanted] of allowed) {
    it(`allows ${what}: ${method} ${path}`, async () => {
      const { world, keys } = place;
      world.upstream = [];
      const body = method === "POST" ? '{"input": "hello"}' : undefined;
      const answer = await world.ask(path, { method, key: keys[key], body, headers: { "content-type": "application/json" } });
      assert.deepEqual([answer.status, answer.text, answer.headers["cache-control"]], [201, "done", "no-store"]);
      assert.deepEqual(booked(answer), wanted());
      const [asked, ...others] = world.upstream;
      assert.deepEqual([asked.method, asked.url, asked.body, others], [method, `https://upstream${path}`, body ?? "", []]);
      assert.deepEqual(booked(asked), wanted());
    });
  }

  const denied = [
    ["another project's file", "ci", "GET", "/v1/files/file_b", "key_out_of_scope"],
    ["a file that nobody has", "ci", "GET", "/v1/files/file_x", "key_out_of_scope"],
    ["a cluster as a file", "ci", "GET", "/v1/files/cl_1", "key_out_of_scope"],
    ["what keys may not do", "ci", "POST", "/v1/clusters/cl_1/scale", "key_lacks_permission"],
    ["what keys may not do, in another project", "eve", "POST", "/v1/clusters/cl_1/scale", "key_out_of_scope"],
    ["an expired key", "old", "GET", "/v1/files/file_a", "key_expired"],
    ["an expired key, its own project", "old", "POST", "/v1/responses", "key_expired"],
  ];
  for (const [what, key, method, path, reason] of denied) {
    it(`denies ${what}: ${method} ${path}`, async () => {
      const { world, keys } = place;
      world.upstream = [];
      assertDenied(await world.ask(path, { method, key: keys[key] }), reason);
      assert.deepEqual(world.upstream, []);
    });
  }

  it("knows who asks by the bearer token alone", async () => {
    const { world, keys } = place;
    const [good, unknown] = [keys.ci, place.secret("acme_0000000000000000000000000000000000000000000")];
    world.upstream = [];
    for (const headers of [
      {},
      { authorization: `Bearer ${unknown}` },
      { authorization: `Bearer ${good}x` },
      { authorization: `Bearer ${good.slice(0, -1)}` },
      { authorization: good },
      { authorization: `Basic ${Buffer.from(`key:${good}`).toString("base64")}` },
      { authorization: `Bearer ${good}, Bearer ${good}` },
      { authorization: `Bearer ${good} ${good}` },
      { authorization: "Bearer " },
      { authorization: `Bearer ${"a".repeat(4000)}` },
      { authorization: `Bearer ${place.publicKey}` },
      { "x-api-key": good },
      { cookie: `authorization=Bearer ${good}` },
    ]) {
      assertUnauthenticated(await world.ask("/v1/files/file_a", { headers }));
    }
    assert.deepEqual(world.upstream, []);
    assert.equal((await world.ask("/v1/files/file_a", { headers: { authorization: `bearer  ${good}` } })).status, 201);
  });

  it("says so when the upstream fails", async () => {
    await place.change({ type: "add_resource", project: "prj_a", resource: "file_broken", kind: "file" });
    const { status, text } = await place.world.ask("/v1/files/file_broken", { key: place.keys.ci });
    assert.deepEqual([status, text], [502, '{"error":"upstream_unavailable"}']);
    await place.change({ type: "remove_resource", resource: "file:file_broken" });
  });
}
