// What the control plane publishes reaches a worker that runs: by deltas, and where they do not fit by the snapshot.
import assert from "node:assert/strict";
import { it } from "node:test";

import { eventually, moment } from "../simulated/patience.mjs";
import { whileStored } from "../simulated/place.mjs";
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

  it("looks at the snapshot where it is far behind", async () => {
    for (let index = 0; index < 70; index++) {
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
    await place.world.logged(new RegExp(`deltas/${revision}: delta_gap`));
  });

  for (const isStored of [false, true]) {
    it(`hears of what is published after a failure, ${isStored ? "though it was none" : "which was one"}`, async () => {
      const { namespace } = place.world;
      let left = Infinity;
      const put = async (...entry) => {
        const fails = left-- === 0;
        if (!fails || isStored) await namespace.put(...entry);
        if (fails) throw new Error("KV PUT failed: 504 Gateway Timeout");
      };
      await place.resume({ put });
      for (const puts of [0, 1, 2, 3]) {
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
    const put = async (...entry) => {
      await moment(delays.shift() ?? 0);
      await place.world.namespace.put(...entry);
    };
    await place.resume({ put });
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
    await place.world.logged(new RegExp(`deltas/${revision}: delta_gap`));
  });

  it("takes the snapshot where the control plane has gone another way", async () => {
    // Restored from a backup, it does not know what was published since.
    const kept = new Map();
    for (const key of ["snapshot", `deltas/${place.plane.guard.revision}`]) kept.set(key, await get(key));
    const put = (key, bytes) => void kept.set(key, bytes.slice());
    const restored = await place.planeOf({ get: (key) => kept.get(key), put });
    await place.change(note("file_one_way"));
    const { revision } = place.plane.guard;
    for (const name of ["file_another_way", "file_and_on"]) {
      restored.guard.apply(note(name));
      await restored.publish();
    }
    for (const [key, bytes] of kept) await place.world.namespace.put(key, bytes);
    await place.caughtUp(revision + 1);
    await place.world.logged(new RegExp(`deltas/${revision}: delta_fork`));
    assert.equal((await place.world.ask("/v1/files/file_another_way", { key: place.keys.ci })).status, 201);
    assertDenied(await place.world.ask("/v1/files/file_one_way", { key: place.keys.ci }), "key_out_of_scope");
    // The one that was left behind is told.
    place.plane.guard.apply(note("file_late"));
    await assert.rejects(place.plane.publish(), { name: "ConflictError" });
    await place.resume();
  });

  it("does not go back to an old snapshot", async () => {
    const leaver = place.createKey("leaver", { project: "prj_a" }, "user:usr_bob");
    await place.plane.publish();
    const { guard } = place.plane;
    const { revision } = guard;
    const old = await get("snapshot");
    const [lower, { issued_at: _, max_age_seconds: __, ...document }] = [guard.toSnapshot(place.sealed({ issuedAt: Date.now() + 60_000 })), guard.toDirectory()];
    const undated = guard.constructor.fromDirectory(document).toSnapshot({ signingKey: place.signingKey });
    const was = { [`deltas/${revision}`]: await get(`deltas/${revision}`), [`deltas/${revision + 1}`]: null };
    await place.change({ type: "revoke_api_key", key: "key_leaver" });
    assertDenied(await ask(leaver), "key_revoked");
    // Somebody who can write to the store puts back what was there, and takes away what leads on. Nor does the worker go to a snapshot that says nothing of
    // its age, or says that it is newer and is not: somebody who has the key made them of an old state.
    for (const [snapshot, said] of [
      [old, /snapshot: the snapshot was not taken: it is older than the directory that is here/],
      [undated, /snapshot: the snapshot was not taken: it never becomes stale/],
      [lower, /snapshot: the snapshot was not taken: it is older than the directory that is here/],
    ]) {
      place.world.log.length = 0;
      await whileStored(place.world, { snapshot, ...was }, () =>
        eventually(async () => {
          assertDenied(await ask(leaver), "key_revoked");
          return said.test(place.world.log.join(""));
        }, `${said} in the log`),
      );
    }
  });

  it("is sent nothing that never becomes stale", async () => {
    for (const maxAgeSeconds of [null, 0]) {
      const kept = new Map();
      const put = (key, bytes) => void kept.set(key, bytes);
      await assert.rejects(async () => (await place.planeOf({ get: (key) => kept.get(key), put }, { maxAgeSeconds })).publish(), /maxAgeSeconds|stale|value/);
      assert.equal(kept.size, 0);
    }
  });
}
