// An isolate that has never had a directory allows nothing, and needs no restart when there is one.
import assert from "node:assert/strict";
import { it } from "node:test";

import { eventually, moment } from "../simulated/patience.mjs";
import { storeOf, whileStored } from "../simulated/place.mjs";
import { assertUnavailable, json } from "./answers.mjs";

// After failures it is many times that.
const FOLLOW_SECONDS = 0.05;

export function cold(place) {
  let world, plane, key;
  const ask = (options) => world.ask("/v1/files/file_a", { key, ...options });

  it("denies while the store is down", async () => {
    world = await place.worker({ PUBLIC_KEY: place.publicKey, FOLLOW_SECONDS: String(FOLLOW_SECONDS), AUTHZEN_TOKEN: place.token }, { hasUpstream: false });
    plane = await place.planeOf(storeOf(world));
    key = place.secret(place.control.createKey(plane.guard, { project: "prj_a", key: "key_cold" }, "user:usr_bob"));
    await plane.publish();
    for (const how of ["down", "silent"]) {
      world.store = how;
      world.reads = [];
      await eventually(async () => {
        assertUnavailable(await ask(), "directory_unavailable");
        return world.reads.length > 0;
      }, "an attempt");
    }
    const asked = await world.ask("/access/v1/evaluation", { method: "POST", key: place.token, headers: { "content-type": "application/json" }, body: "{}" });
    assert.deepEqual([asked.status, asked.headers["retry-after"]], [503, "1"]);
    world.store = "up";
  });

  const flipped = (bytes) => bytes.map((byte, index) => (index === bytes.length >> 1 ? byte ^ 1 : byte));
  for (const [what, said, forge] of [
    ["not there", "the snapshot was not taken: there is none", () => null],
    ["tampered with in one bit", "snapshot_corrupt", (guard) => flipped(guard.toSnapshot(place.sealed()))],
    ["signed by somebody else", "signature_invalid", (guard) => guard.toSnapshot({ ...place.sealed(), signingKey: place.secretBytes() })],
    ["not signed", "signature_missing", (guard) => guard.toSnapshot({ ...place.sealed(), signingKey: null })],
    ["one that never becomes stale", "the snapshot was not taken: it never becomes stale", (guard) => guard.toSnapshot({ signingKey: place.signingKey })],
  ]) {
    it(`denies while the snapshot is ${what}`, async () => {
      world.log.length = 0;
      await whileStored(world, { snapshot: forge(plane.guard) }, () =>
        eventually(async () => {
          assertUnavailable(await ask(), "directory_unavailable");
          return world.log.some((line) => line.includes(`snapshot: ${said}`));
        }, said),
      );
    });
  }

  it("denies while the snapshot is stale", async () => {
    const snapshot = plane.guard.toSnapshot(place.sealed({ issuedAt: Date.now() - 3_600_001 }));
    await whileStored(world, { snapshot, [`deltas/${plane.guard.revision}`]: null }, () =>
      eventually(async () => {
        const answer = await ask();
        assert.equal(answer.status, 503);
        return json(answer).reason === "snapshot_stale";
      }, "the stale snapshot"),
    );
  });

  it("answers as soon as there is a good one", async () => {
    await eventually(async () => (await ask()).status === 200, "an answer");
    const answer = await ask();
    assert.deepEqual(json(answer), { upstream: "pretend", method: "GET", path: "/v1/files/file_a" });
    assert.equal(answer.headers["x-bailiwick-project"], "prj_a");
  });

  it("looks for news no more often than it is told", async () => {
    await moment(FOLLOW_SECONDS * 1000);
    world.reads = [];
    const began = Date.now();
    for (let index = 0; index < 30; index++) assert.equal((await ask()).status, 200);
    const looks = (Date.now() - began) / (FOLLOW_SECONDS * 1000);
    assert.ok(world.reads.length >= 1 && world.reads.length <= looks + 2, `${world.reads.length} reads`);
  });

  it("lets nobody ask the decision point where no token is set", async () => {
    const closed = await place.worker({ PUBLIC_KEY: place.publicKey });
    for (const authorization of ["", "Bearer", "Bearer ", "Bearer undefined"]) {
      const headers = { "content-type": "application/json", authorization };
      assert.equal((await closed.ask("/access/v1/evaluation", { method: "POST", headers, body: "{}" })).status, 401);
    }
    await closed.stop();
  });
}
