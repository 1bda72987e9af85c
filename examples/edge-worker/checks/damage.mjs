// A delta that was damaged, or that somebody else made, changes nothing.
import assert from "node:assert/strict";
import { it } from "node:test";

import { whileStored } from "../simulated/place.mjs";
import { assertDenied } from "./answers.mjs";

export function damage(place) {
  const flipped = (bytes) => bytes.map((byte, index) => (index === bytes.length >> 1 ? byte ^ 1 : byte));

  for (const [what, code, forge] of [
    ["tampered with in one bit", "snapshot_corrupt", ({ genuine }) => flipped(genuine)],
    ["cut short", "snapshot_corrupt", ({ genuine }) => genuine.subarray(0, genuine.length - 1)],
    ["empty", "snapshot_corrupt", () => new Uint8Array()],
    ["no delta but a snapshot", "snapshot_corrupt", ({ guard }) => guard.toSnapshot({ signingKey: place.signingKey })],
    ["signed by somebody else", "signature_invalid", ({ guard, revision }) => guard.toDelta(revision, { signingKey: place.secretBytes() })],
    ["not signed", "signature_missing", ({ guard, revision }) => guard.toDelta(revision)],
  ]) {
    it(`goes on from what it has when a delta is ${what}`, async () => {
      const { world, plane } = place;
      const { guard } = plane;
      const key = place.createKey(`damage_${guard.revision}`, { project: "prj_a" }, "user:usr_bob");
      await plane.publish();
      await place.caughtUp();
      const { revision } = guard;
      guard.apply({ type: "revoke_api_key", key: `key_damage_${revision - 1}` });
      const genuine = guard.toDelta(revision, place.sealed());
      await whileStored(world, { [`deltas/${revision}`]: forge({ genuine, guard, revision }) }, async () => {
        const stays = async () => {
          const answer = await world.ask("/v1/files/file_a", { key });
          assert.deepEqual([answer.status, answer.headers["x-bailiwick-revision"]], [201, String(revision)]);
        };
        await stays();
        await world.logged(new RegExp(`deltas/${revision}: ${code}`));
        await stays();
      });
      await plane.publish();
      await place.caughtUp();
      assertDenied(await world.ask("/v1/files/file_a", { key }), "key_revoked");
    });
  }
}
