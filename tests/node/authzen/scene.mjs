// What the tests of the AuthZEN handler share.
import assert from "node:assert/strict";

import { Bailiwick } from "bailiwick";
import { createAuthzenHandler } from "bailiwick/authzen";

export const DOCUMENT = {
  format: "bailiwick/1",
  organizations: [{
    id: "org_acme", owner: "usr_ada",
    members: [{ user: "usr_ada", role: "admin" }, { user: "usr_bob", role: "member" }],
    projects: [
      { id: "prj_default", default: true },
      {
        id: "prj_a",
        collaborators: [{ user: "usr_bob", role: "member" }],
        api_keys: [{ id: "key_old", created_by: "usr_bob", expires_at: "2026-01-01T00:00:00Z" }],
        resources: [{ id: "file_1", kind: "file" }, { id: "file_2", kind: "file" }],
      },
    ],
  }],
};
export const guard = Bailiwick.fromDirectory(DOCUMENT);
export const handler = createAuthzenHandler(guard);
export const BASE = "https://pdp.example.com";
export const PATHS = ["evaluation", "evaluations", "search/subject", "search/resource", "search/action"].map((name) => `/access/v1/${name}`);

export const bob = { type: "user", id: "usr_bob" };
export const read = { name: "file.read" };
export const file = { type: "file", id: "file_1" };
export const question = { subject: bob, action: read, resource: file };
/** A request that is well-formed for each path. */
export const well = (path) => (path.endsWith("action") ? { subject: bob, resource: file } : question);

export function request(path, body, { method = "POST", base = BASE, headers = {} } = {}) {
  const text = body === undefined || typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
  return new Request(base + path, { method, body: text, headers: { "content-type": "application/json", ...headers }, duplex: "half" });
}
export const ask = (path, body, options, decisionPoint = handler) => decisionPoint(request(path, body, options));

export async function expectDecision(body, decision, options) {
  const response = await ask("/access/v1/evaluation", body, options);
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { decision });
}

export async function expectRefused(response, status, text = /\w/) {
  assert.equal(response.status, status);
  assert.match(response.headers.get("content-type"), /^text\/plain/);
  assert.match(await response.text(), text);
}
