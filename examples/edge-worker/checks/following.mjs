// What the control plane publishes reaches a worker that runs: by deltas, and where they do not fit by the snapshot.
import assert from "node:assert/strict";
import { it } from "node:test";

import { eventually, moment } from "../simulated/patience.mjs";
import { assertDenied } from "./answers.mjs";

export function following(place) {
  const ask = (key) => place.world.ask("/v1/files/file_a", { key });
  const get = async (key) => new Uint8Array(await place.world.namespace.get(key, "arrayBuffer"));
  const note = (resource) => ({ type: "add_resource", project: "prj_a", resource, kind: "file" });

  it("denies a key that is revoked while it runs", async () => {
    const temporary = place.createKey("temporary", { project: "prj_a" }, "user:usr_bob");
    await place.plane.publish();
    await place.caughtUp();
    assert.equal((await ask(temporary)).status, 201);
    place.world.reads = [];
    await place.change({ type: "revoke_api_key", key: "key_temporary" });
    assertDenied(await ask(temporary), "key_revoked");
    assert.ok(!place.world.reads.includes("snapshot"));
  });

  it("follows several deltas one after the other", async () => {
    for (const name of ["file_1", "file_2", "file_3"]) {
      place.plane.guard.apply(note(name));
      await place.plane.publish();
    }
    place.world.reads = [];
    await place.caughtUp();
    assert.ok(!place.world.reads.includes("snapshot"));
  });

  it("takes the snapshot where it is far behind", async () => {
    for (let index = 0; index < 20; index++) {
      place.plane.guard.apply(note(`file_far_${index}`));
      await place.plane.publish();
    }
    place.world.reads = [];
    await place.caughtUp();
    assert.equal(place.world.reads.filter((key) => key === "snapshot").length, 1);
  });

  it("takes the snapshot where a delta is lost", async () => {
    const { revision } = place.plane.guard;
    place.plane.guard.apply(note("file_lost"));
    await place.plane.publish();
    await place.world.namespace.delete(`deltas/${revision}`);
    place.world.reads = [];
    await place.caughtUp();
    assert.ok(place.world.reads.includes("snapshot"));
  });

  it("takes the snapshot where there was too much for a delta", async () => {
    const { revision } = place.plane.guard;
    // A change and its entry count as two, of which an engine of this size remembers 4,096.
    for (let index = 0; index < 2_100; index++) place.plane.guard.apply(note(`file_much_${index}`));
    await place.plane.publish();
    await place.caughtUp();
    await place.world.logged(new RegExp(`the delta at revision ${revision} was refused: delta_gap`));
  });

  // The control plane goes on, and puts by other means.
  const putting = async (put) => {
    const options = { signingKey: place.signingKey, maxAgeSeconds: 3600 };
    place.plane = place.ControlPlane.resume(await get("snapshot"), put, options);
  };

  for (const isStored of [false, true]) {
    it(`hears of what is published after a failure, ${isStored ? "though it was none" : "which was one"}`, async () => {
      const { namespace } = place.world;
      let left = Infinity;
      await putting(async (...entry) => {
        const fails = left-- === 0;
        if (!fails || isStored) await namespace.put(...entry);
        if (fails) throw new Error("KV PUT failed: 504 Gateway Timeout");
      });
      for (const puts of [0, 1, 2]) {
        place.plane.guard.apply(note(`file_failed_${puts}_${isStored}`));
        left = puts;
        await assert.rejects(place.plane.publish(), /504/);
        await place.revision();
        place.plane.guard.apply(note(`file_repeated_${puts}_${isStored}`));
        await place.plane.publish();
        await place.caughtUp();
      }
    });
  }

  it("hears of everything that is published at once", async () => {
    // The first put is overtaken by everything that is not waiting for it.
    const delays = [100];
    await putting(async (...entry) => {
      await moment(delays.shift() ?? 0);
      await place.world.namespace.put(...entry);
    });
    place.plane.guard.apply(note("file_once"));
    const first = place.plane.publish();
    await moment(20);
    place.plane.guard.apply(note("file_at_once"));
    await Promise.all([first, place.plane.publish()]);
    await place.caughtUp();
  });

  it("takes the snapshot where a delta begins elsewhere", async () => {
    const { revision } = place.plane.guard;
    place.plane.guard.apply(note("file_gap"));
    await place.plane.publish();
    await place.world.namespace.put(`deltas/${revision}`, await get(`deltas/${revision + 1}`));
    await place.caughtUp();
    await place.world.logged(new RegExp(`the delta at revision ${revision} was refused: delta_gap`));
  });

  it("takes the snapshot where the control plane has gone another way", async () => {
    const kept = new Map();
    const options = { signingKey: place.signingKey, maxAgeSeconds: 3600 };
    const restored = place.ControlPlane.resume(await get("snapshot"), async (key, bytes) => void kept.set(key, bytes), options);
    await place.change(note("file_one_way"));
    const { revision } = place.plane.guard;
    restored.guard.apply(note("file_another_way"));
    await restored.publish();
    restored.guard.apply(note("file_and_on"));
    await restored.publish();
    for (const [key, bytes] of kept) await place.world.namespace.put(key, bytes);
    await place.caughtUp(revision + 1);
    await place.world.logged(new RegExp(`the delta at revision ${revision} was refused: delta_fork`));
    assert.equal((await place.world.ask("/v1/files/file_another_way", { key: place.keys.ci })).status, 201);
    assertDenied(await place.world.ask("/v1/files/file_one_way", { key: place.keys.ci }), "key_out_of_scope");
    place.plane = place.ControlPlane.resume(kept.get("snapshot"), (...entry) => place.world.namespace.put(...entry), options);
  });

  it("does not go back to an old snapshot", async () => {
    const leaver = place.createKey("leaver", { project: "prj_a" }, "user:usr_bob");
    await place.plane.publish();
    const { revision } = place.plane.guard;
    const [old, delta] = [await get("snapshot"), await get(`deltas/${revision}`)];
    await place.change({ type: "revoke_api_key", key: "key_leaver" });
    assertDenied(await ask(leaver), "key_revoked");
    // Somebody who can write to the store puts back what was there, and takes away what leads on.
    await place.world.namespace.put("snapshot", old);
    await place.world.namespace.put(`deltas/${revision}`, delta);
    await place.world.namespace.delete(`deltas/${revision + 1}`);
    assertDenied(await ask(leaver), "key_revoked");
    await place.world.logged(/the snapshot was not taken: it is older than the directory that is here/);
    assertDenied(await ask(leaver), "key_revoked");
    // Nor to one that says nothing of its age, or says that it is newer and is not. Somebody who has the key made them of an old state.
    const { guard } = place.ControlPlane.resume(old, () => {}, { signingKey: place.signingKey });
    const { issued_at: _, max_age_seconds: __, ...document } = guard.toDirectory();
    const { guard: undated } = place.ControlPlane.begin(document, () => {}, { signingKey: place.signingKey });
    const issue = { signingKey: place.signingKey, issuedAt: Date.now() + 60_000, maxAgeSeconds: 3600 };
    for (const [snapshot, said] of [
      [undated.toSnapshot({ signingKey: place.signingKey }), /the snapshot was not taken: it never becomes stale/],
      [guard.toSnapshot(issue), /the snapshot was not taken: its revision is lower/],
    ]) {
      place.world.log.length = 0;
      await place.world.namespace.put("snapshot", snapshot);
      await eventually(async () => {
        assertDenied(await ask(leaver), "key_revoked");
        return said.test(place.world.log.join(""));
      }, `${said} in the log`);
    }
    await place.plane.publish();
  });

  it("is sent nothing that never becomes stale", () => {
    for (const issue of [{ issuedAt: null }, { maxAgeSeconds: null }, { maxAgeSeconds: 0 }]) assert.throws(() => place.plane.publish(issue), /never becomes stale/);
    const plane = place.begin(() => assert.fail("nothing is put"), { maxAgeSeconds: null });
    for (const sign of [() => plane.publish(), () => plane.keep()]) assert.throws(sign, /never becomes stale/);
  });
}
