// The store cannot be read any more: the worker goes on, for as long as what it has may be used.
import assert from "node:assert/strict";
import { it } from "node:test";

import { eventually } from "../simulated/patience.mjs";
import { assertUnavailable, json } from "./answers.mjs";

export function cutOff(place) {
  const ask = (options) => place.world.ask("/v1/files/file_a", { key: place.keys.ci, ...options });

  for (const how of ["down", "silent"]) {
    it(`answers from what it has while the store is ${how}`, async () => {
      place.world.store = how;
      const answers = [await ask(), await ask()];
      assert.deepEqual(answers.map(({ status }) => status), [201, 201]);
      place.world.store = "up";
      await place.world.logged(how === "down" ? /directory: deltas.\d+: KV GET failed/ : /directory: deltas.\d+: no answer in 2 s/);
    });
  }

  it("denies everything when that is stale, and recovers", async () => {
    const { world } = place;
    await place.resume({ maxAgeSeconds: 2 });
    const { plane } = place;
    plane.guard.apply({ type: "add_resource", project: "prj_a", resource: "file_last", kind: "file" });
    await plane.publish();
    await eventually(async () => {
      const { status, headers } = await ask();
      return status === 503 || headers["x-bailiwick-revision"] === String(plane.guard.revision);
    }, "the last news");
    world.store = "down";
    await eventually(async () => (await ask()).status === 503, "the end of its age");

    world.upstream = [];
    assertUnavailable(await ask(), "snapshot_stale");
    // One that it does not know may have been made since.
    assertUnavailable(await ask({ key: "acme_unknown" }), "snapshot_stale");
    assert.deepEqual(world.upstream, []);
    const evaluation = { subject: { type: "user", id: "usr_ada" }, action: { name: "file.read" }, resource: { type: "file", id: "file_a" } };
    const headers = { "content-type": "application/json" };
    const answer = await world.ask("/access/v1/evaluation", { method: "POST", key: place.token, headers, body: JSON.stringify(evaluation) });
    assert.deepEqual(json(answer), { decision: false, context: { reason: "snapshot_stale", caveats: [] } });

    world.store = "up";
    await place.resume();
    await place.plane.publish();
    await eventually(async () => (await ask()).status === 201, "the recovery");
  });
}
