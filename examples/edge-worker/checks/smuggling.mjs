// Requests that try to mean one thing to the worker and another to what stands behind it.
import assert from "node:assert/strict";
import { it } from "node:test";

import { assertDenied, assertError, assertUnauthenticated, booked } from "./answers.mjs";

export function smuggling(place) {
  const ask = (path, options) => place.world.ask(path, { key: place.keys.ci, ...options });

  it("knows no path and no method but those of its table", async () => {
    place.world.upstream = [];
    for (const path of [
      "/",
      "/v1",
      "/v1/files/",
      "/v1/files/file_a/",
      "//v1/files/file_a",
      "/v1//files/file_a",
      "/v1/files//file_a",
      "/V1/files/file_a",
      "/v1/files/file_a%00",
      "/v1/files/file%5fa",
      "/v1/files/file_a%2f..%2ffile_b",
      "/v1/files/..%2ffile_b",
      "/v1/files/%2e%2e%2ffile_b",
      "/v1/files/..%5cfile_b",
      "/v1/files/file_a;v=1",
      "/v1/files/file_a.json",
      "/v1/files/file_a%20",
      "/v1/files/prj_a:file_a",
      "/v1/files/ﬁle_a".normalize("NFC").replace("ﬁ", "%EF%AC%81"),
      `/v1/files/${"a".repeat(65)}`,
      `/v1/files/${"a".repeat(8000)}`,
      "/v1/vector_stores/file_a",
      "/v1/files/file_a?key=1",
      "/v1/files?limit=1&project=prj_b",
      "/v1/files?Limit=1",
    ]) {
      assertError(await ask(path), 404, { error: "not_found" });
    }
    for (const method of ["PUT", "PATCH", "POST", "OPTIONS", "PROPFIND"]) {
      assertError(await ask("/v1/files/file_a", { method }), 404, { error: "not_found" });
    }
    const { status, text } = await ask("/v1/files/file_a", { method: "HEAD" });
    assert.deepEqual([status, text], [404, ""]);
    assert.deepEqual(place.world.upstream, []);
  });

  it("decides on the path that the upstream gets", async () => {
    for (const other of ["files/file_a/../file_b", "files/file_a/%2e%2e/file_b", "clusters/..\\files/file_b", "x/.%2E/files/./file_b"]) {
      assertDenied(await ask(`/v1/${other}`), "key_out_of_scope");
    }
    for (const path of ["/v1/files/file_b/../file_a", "/v1/files/%2e/file_a"]) {
      place.world.upstream = [];
      assert.equal((await ask(path)).status, 201);
      assert.deepEqual(place.world.upstream.map(({ url }) => url), ["https://upstream/v1/files/file_a"]);
    }
  });

  it("takes no key from a query, and passes none on", async () => {
    place.world.upstream = [];
    for (const name of ["key", "api_key", "access_token", "authorization"]) {
      assertError(await ask(`/v1/files/file_a?${name}=${place.keys.ci}`, { key: undefined }), 404, { error: "not_found" });
    }
    for (const name of ["limit", "after"]) assertUnauthenticated(await ask(`/v1/files?${name}=${place.keys.ci}`, { key: undefined }));
    assert.deepEqual(place.world.upstream, []);
  });

  it("passes on none of the client's headers that could mislead", async () => {
    place.world.upstream = [];
    const { ci } = place.keys;
    const answer = await ask("/v1/files/file_a", {
      headers: {
        "X-Bailiwick-Organization": "org_evil",
        "x-bailiwick-project": ["prj_evil", "prj_b"],
        x_bailiwick_project: "prj_evil",
        "X-Bailiwick-Api-Key": "key_evil",
        "X-HTTP-Method-Override": "DELETE",
        "X-Original-URL": "/v1/files/file_b",
        "X-Rewrite-URL": "/v1/files/file_b",
        "X-Forwarded-For": "192.0.2.1",
        Forwarded: "for=192.0.2.1",
        Cookie: "session=1",
        Connection: "close, x-bailiwick-organization",
        Accept: "text/plain",
        "Idempotency-Key": "once",
      },
    });
    assert.equal(answer.status, 201);
    const [{ method, headers }] = place.world.upstream;
    assert.deepEqual([method, headers.accept, headers["idempotency-key"]], ["GET", "text/plain", "once"]);
    // Neither are the upstream's own forgeries passed on to the client: it says `prj_forged`, and has a header that is not known here.
    assert.deepEqual(booked({ headers }), booked(answer));
    assert.deepEqual([headers["x-bailiwick-organization"], headers["x-bailiwick-project"]], ["org_acme", "prj_a"]);
    const text = JSON.stringify(headers);
    for (const misleading of ["evil", "DELETE", "file_b", "192.0.2.1", "session", ci]) assert.ok(!text.includes(misleading), misleading);
  });

  it("takes no body along with a GET", async () => {
    place.world.upstream = [];
    assert.equal((await ask("/v1/files/file_a", { headers: { "content-length": "5" }, body: "hello" })).status, 201);
    assert.deepEqual(place.world.upstream.map(({ body }) => body), [""]);
  });

  it("does not choose between two authorizations", async () => {
    place.world.upstream = [];
    const [one, other] = [place.keys.ci, place.keys.eve].map((key) => `Bearer ${key}`);
    const { status } = await ask("/v1/files/file_a", { key: undefined, headers: { authorization: [one, other] } });
    // workerd itself refuses them.
    assert.ok(status === 400 || status === 401);
    assert.deepEqual(place.world.upstream, []);
  });
}
