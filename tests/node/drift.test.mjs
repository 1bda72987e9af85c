// The example of docs/edge.md that compares what two engines hold.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Bailiwick, publicKeyOf } from "bailiwick";

const page = readFileSync(new URL("../../docs/edge.md", import.meta.url), "utf8");
const [, block] = /\n## Have two engines drifted apart\?\n.*?^```js\n(.*?)^```$/ms.exec(page);
const { state } = await import(`data:text/javascript,${encodeURIComponent(block)}`);

const digest = `sha256:${"5".repeat(64)}`;
const document = {
  format: "bailiwick/1",
  revision: 4,
  issued_at: "2026-03-01T12:00:00Z",
  max_age_seconds: 600,
  organizations: [{ id: "o", owner: "a", members: [{ user: "a", role: "admin" }], projects: [{ id: "p", default: true, api_keys: [{ id: "k", digest }] }] }],
};
const signingKey = new Uint8Array(32).fill(7);

test("copies are equal whatever their history, and drift is detected", () => {
  const central = Bailiwick.fromDirectory(document);
  const edge = Bailiwick.fromSnapshot(central.toSnapshot({ signingKey, issuedAt: "2026-03-02T12:00:00Z" }), { publicKey: publicKeyOf(signingKey), at: "2026-03-02T12:00:00Z" });
  const browser = Bailiwick.fromSnapshot(central.toSnapshot({ digests: false }));
  assert.match(state(central).sha256, /^[0-9a-f]{64}$/);
  for (const copy of [edge, browser]) assert.deepEqual(state(copy), state(central));

  const change = { type: "create_project", organization: "o", project: "q", name: "Q" };
  central.apply(change);
  assert.notEqual(state(edge).revision, state(central).revision);
  edge.applyDelta(central.toDelta(4, { signingKey, issuedAt: "2026-03-03T12:00:00Z" }), { publicKey: publicKeyOf(signingKey), at: "2026-03-03T12:00:00Z" });
  assert.deepEqual(state(edge), state(central));

  const other = Bailiwick.fromDirectory(document);
  other.apply({ ...change, project: "elsewhere" });
  assert.equal(state(other).revision, state(central).revision);
  assert.notEqual(state(other).sha256, state(central).sha256);
});
