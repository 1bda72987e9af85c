// The follower: each rule of a reader, seen from its host.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { publicKeyOf } from "bailiwick";
import { Publisher } from "bailiwick/publish";

import { conditionalStore, engine, enter, faulty, followerOf, knows, leave, MAX_AGE, moment, otherKey, publicKey, publisherOf, signingKey, stateOf } from "./scene.mjs";

const START = Date.parse("2026-03-01T12:00:00Z");

// A feed that has been begun, a follower that has it, and a clock that the test sets.
async function scene(context, names = ["bob"]) {
  context.mock.timers.enable({ apis: ["Date"], now: START });
  const [store, guard] = [conditionalStore(), engine(0, names)];
  const publisher = publisherOf(guard, store);
  await publisher.publish();
  const follower = followerOf(store);
  await follower.refresh();
  store.asked();
  return { store, guard, publisher, follower, later: (seconds) => context.mock.timers.setTime(START + seconds * 1000) };
}

const seal = (seconds, key = signingKey) => ({ signingKey: key, issuedAt: START + seconds * 1000, maxAgeSeconds: MAX_AGE });
const put = (store, key, bytes) => store.objects.set(key, { bytes, tag: `own ${Math.random()}` });

describe("a follower", () => {
  test("starts cold, and tells why as long as there is nothing", async () => {
    const store = conditionalStore();
    const follower = followerOf(store);
    assert.equal(await follower.refresh(), false);
    assert.deepEqual([follower.guard, follower.isReady, follower.told], [undefined, false, ["snapshot: the snapshot was not taken: there is none"]]);
    await publisherOf(engine(0, ["bob"]), store).publish();
    assert.equal(await follower.refresh(), true);
    assert.equal(knows(follower.guard, "bob"), true);
    assert.equal(await follower.ready, follower.guard);
    assert.deepEqual(follower.stats, { rounds: 2, failures: 0, snapshots: 1, deltas: 0, renewals: 0, refused: 0 });
  });

  test("follows steps at once, in one engine", async (context) => {
    const { store, guard, publisher, follower } = await scene(context);
    const engineOf = follower.guard;
    for (const name of ["eve", "kim"]) {
      enter(guard, name);
      await publisher.publish();
    }
    store.asked();
    assert.equal(await follower.refresh(), true);
    assert.equal(store.asked(), "get deltas/0 if changed, get deltas/1, get deltas/2");
    assert.ok(follower.guard === engineOf && knows(engineOf, "kim"));
    leave(guard, "bob");
    await publisher.publish();
    await follower.refresh();
    assert.equal(knows(engineOf, "bob"), false);
  });

  test("asks for what has changed, and for nothing else", async (context) => {
    const { store, follower } = await scene(context);
    assert.equal(await follower.refresh(), false);
    assert.equal(store.asked(), "get deltas/0 if changed");
    assert.equal(follower.stats.failures, 0);
  });

  test("answers for longer after a renewal", async (context) => {
    const { publisher, follower, later } = await scene(context);
    later(200);
    await publisher.publish();
    assert.equal(await follower.refresh(), false);
    later(MAX_AGE + 1);
    assert.deepEqual([follower.isReady, follower.stats.renewals], [true, 1]);
  });

  test("denies when it is stale, and recovers in the same engine", async (context) => {
    const { publisher, follower, later } = await scene(context);
    later(MAX_AGE + 1);
    await follower.refresh();
    assert.deepEqual([follower.isReady, knows(follower.guard, "bob")], [false, false]);
    const { guard } = follower;
    await publisher.publish();
    await follower.refresh();
    assert.ok(follower.isReady && knows(guard, "bob"));
  });

  test("falls back to the snapshot where deltas lead nowhere", async (context) => {
    for (const missing of [true, false]) {
      await context.test(missing ? "a delta is gone" : "there was a break", async (context) => {
        const { store, guard, publisher, follower } = await scene(context);
        const before = follower.guard;
        if (missing) {
          enter(guard, "eve");
          await publisher.publish();
          store.objects.delete("deltas/0");
        } else {
          publisher.guard = engine(20, ["bob", "eve"]);
          assert.equal((await publisher.publish()).jumps, 1);
        }
        assert.equal(await follower.refresh(), true);
        assert.ok(follower.guard === before && knows(before, "eve"));
        assert.equal(follower.stats.snapshots, 2);
        // What leads elsewhere is told as well.
        assert.deepEqual(follower.told, missing ? [] : ["deltas/0: delta_gap"]);
      });
    }
  });

  test("takes no older snapshot", async (context) => {
    const { store, guard, publisher, follower } = await scene(context);
    const old = store.objects.get("snapshot");
    leave(guard, "bob");
    await publisher.publish();
    await follower.refresh();
    put(store, "snapshot", old.bytes);
    store.objects.delete("deltas/1");
    assert.equal(await follower.refresh(), false);
    assert.equal(knows(follower.guard, "bob"), false);
    assert.deepEqual(follower.told, ["snapshot: the snapshot was not taken: it is older than the directory that is here"]);
    assert.deepEqual([follower.stats.refused, follower.stats.failures], [1, 1]);
  });

  test("that looks between two writes of a publication has found no fault", async (context) => {
    const { store, guard, publisher, follower } = await scene(context);
    enter(guard, "eve");
    await publisher.publish();
    await follower.refresh();
    let left = Infinity;
    const second = await Publisher.resume(faulty(store, () => (left-- <= 0 ? "lost" : undefined)), () => assert.fail("there is a feed"), { signingKey });
    enter(second.guard, "kim");
    // The step is there, and neither what follows it nor its snapshot.
    left = 1;
    await assert.rejects(second.publish(), /lost/);
    assert.equal(await follower.refresh(), true);
    assert.equal(knows(follower.guard, "kim"), true);
    assert.deepEqual([follower.told, follower.stats.failures, follower.stats.refused], [[], 0, 0]);
  });

  test("takes no snapshot that never becomes stale", async () => {
    const store = conditionalStore();
    put(store, "snapshot", engine().toSnapshot({ signingKey, maxAgeSeconds: MAX_AGE }));
    const follower = followerOf(store);
    await follower.refresh();
    assert.deepEqual([follower.guard, follower.told], [undefined, ["snapshot: the snapshot was not taken: it never becomes stale"]]);
  });

  for (const [what, code, forge] of [
    ["damaged", "snapshot_corrupt", (bytes) => bytes.map((byte, index) => (index === bytes.length >> 1 ? byte ^ 1 : byte))],
    ["cut short", "snapshot_corrupt", (bytes) => bytes.subarray(0, 20)],
    ["empty", "snapshot_corrupt", () => new Uint8Array()],
    ["signed by another key", "signature_invalid", (_, guard) => [guard.toSnapshot(seal(0, otherKey)), guard.toDelta(0, seal(0, otherKey))]],
    ["not signed", "signature_missing", (_, guard) => [guard.toSnapshot(), guard.toDelta(0)]],
    ["from the future", "issued_in_future", (_, guard) => [guard.toSnapshot(seal(400)), guard.toDelta(0, seal(400))]],
  ]) {
    test(`tells and keeps its engine when an object is ${what}`, async (context) => {
      const { store, guard, publisher, follower } = await scene(context);
      enter(guard, "eve");
      await publisher.publish();
      for (const [index, key] of ["snapshot", "deltas/0"].entries()) {
        const genuine = store.objects.get(key);
        const forged = forge(genuine.bytes, guard);
        put(store, key, Array.isArray(forged) ? forged[index] : forged);
        const reader = key === "snapshot" ? followerOf(store) : follower;
        assert.equal(await reader.refresh(), false);
        assert.deepEqual(reader.told, [`${key}: ${code}`]);
        assert.deepEqual([reader.stats.refused, reader.stats.failures], [1, 1]);
        assert.equal(reader.guard?.revision, key === "snapshot" ? undefined : 0);
        store.objects.set(key, genuine);
        assert.equal(await reader.refresh(), true);
        assert.deepEqual([reader.guard.revision, reader.stats.failures], [1, 0]);
      }
    });
  }

  test("takes what one of several keys has signed", async (context) => {
    const { store } = await scene(context);
    const [publicKeys, other] = [[publicKeyOf(otherKey), publicKey], [publicKeyOf(otherKey)]];
    for (const [keys, isTaken] of [[publicKeys, true], [other, false]]) {
      const follower = followerOf(store, { publicKeys: keys });
      assert.equal(await follower.refresh(), isTaken);
      assert.deepEqual(follower.told, isTaken ? [] : ["snapshot: signature_invalid"]);
    }
  });

  test("backs off while the store fails, and not after", async (context) => {
    const { store } = await scene(context);
    let isDown = true;
    const follower = followerOf(faulty(store, () => (isDown ? "lost" : undefined)), { interval: 0.01 });
    follower.start();
    while (follower.stats.failures < 5) await moment(5);
    isDown = false;
    await follower.ready;
    follower.stop();
    const { rounds, failures } = follower.stats;
    assert.ok(rounds >= 6 && failures === 0);
    assert.match(follower.told[0], /^snapshot: the request was lost/);
    await moment(60);
    assert.ok(follower.stats.rounds <= rounds + 1, "it has stopped");
  });
});

describe("around a follower", () => {
  test("hooks that throw or reject stop nothing, and events are told too", async (context) => {
    const logged = context.mock.method(console, "error", () => {});
    const { store, guard, publisher } = await scene(context);
    const failing = [() => { throw new Error("mine"); }, async () => { throw new Error("mine"); }];
    for (const hook of failing) {
      const follower = followerOf(store, { onUpdate: hook, onError: hook });
      const events = [];
      for (const type of ["update", "error"]) follower.addEventListener(type, ({ detail }) => events.push(detail));
      assert.equal(await follower.refresh(), true);
      const delta = store.objects.get("deltas/0");
      put(store, "deltas/0", new Uint8Array(4));
      await follower.refresh();
      store.objects.set("deltas/0", delta);
      assert.equal(await follower.refresh(), false);
      assert.equal(events[0], follower.guard);
      assert.deepEqual([events[1].error.code, events[1].key, events.length], ["snapshot_corrupt", "deltas/0", 2]);
    }
    await moment(0);
    assert.equal(logged.mock.calls.filter(({ arguments: [fault] }) => fault.message === "mine").length, 4);
  });

  test("calls that come together share a look", async (context) => {
    const { store, follower } = await scene(context);
    await Promise.all([follower.refresh(), follower.refresh(), follower.current()]);
    assert.equal(store.asked(), "get deltas/0 if changed");
  });

  test("a worker's request waits for the first directory, and the look outlives it", async (context) => {
    const { store } = await scene(context);
    const kept = [];
    const follower = followerOf(store);
    const worker = { waitUntil: (promise) => kept.push(promise) };
    const guards = await Promise.all([follower.current(worker), follower.current(worker), follower.current()]);
    assert.ok(guards.every((guard) => guard === follower.guard && knows(guard, "bob")));
    assert.equal(kept.length, 2);
    store.asked();
    // Until the interval is over, nobody looks.
    await follower.current(worker);
    assert.equal(store.asked(), "");
  });

  test("a worker's request does not wait for ever", async () => {
    const follower = followerOf({ isConditional: true, get: () => new Promise(() => {}) });
    const began = performance.now();
    assert.equal(await follower.current(), undefined);
    assert.ok(performance.now() - began < 8_000);
  });

  test("a store of the usual shapes that does not answer is given up", async () => {
    const follower = followerOf({ get: () => new Promise(() => {}) }, { timeout: 0.05 });
    await follower.refresh();
    assert.deepEqual(follower.told, ["snapshot: no answer in 0.05 s"]);
  });

  test("a look that was lost changes nothing when it comes back in the middle of another one", async (context) => {
    const { store, later } = await scene(context);
    const held = [];
    const get = async (key, seen) => {
      const answer = await store.get(key, seen);
      await new Promise((resolve) => held.push(resolve));
      return answer;
    };
    const follower = followerOf({ ...store, get });
    const lost = follower.refresh();
    later(61);
    const next = follower.refresh();
    while (held.length < 2) await moment(0);
    // The second one has its snapshot, and waits for a delta.
    held[1]();
    while (held.length < 3) await moment(0);
    held[0]();
    assert.equal(await lost, false);
    held[2]();
    assert.equal(await next, true);
    assert.deepEqual([follower.guard.revision, follower.told, follower.stats.refused], [0, [], 0]);
  });

  test("it may be stopped and started again, and is stopped by `using`", async (context) => {
    const { store } = await scene(context);
    const follower = followerOf(store, { interval: 0.02 });
    for (let index = 0; index < 20; index++) {
      follower.start().start();
      follower.stop();
    }
    follower.start();
    await follower.ready;
    const before = follower.stats.rounds;
    await moment(200);
    // One run of it, and not twenty.
    assert.ok(follower.stats.rounds - before <= 15, `${follower.stats.rounds - before} rounds`);
    if (Symbol.dispose) follower[Symbol.dispose]();
    follower.stop();
    const { rounds } = follower.stats;
    await moment(60);
    assert.ok(follower.stats.rounds <= rounds + 1);
  });

  test("a swap is one revision or the next for whoever asks meanwhile", async (context) => {
    const { store, guard, publisher } = await scene(context);
    // Each revision has one of two, so a mixture would have both or none.
    enter(guard, "one");
    await publisher.publish();
    const slow = { ...store, get: async (...all) => { await moment(1); return store.get(...all); } };
    const second = followerOf(slow);
    await second.refresh();
    let isDone = false;
    const seen = new Set();
    const asking = (async () => {
      while (!isDone) {
        const state = `${second.guard.revision}`;
        const [one, two] = [knows(second.guard, "one"), knows(second.guard, "two")];
        assert.ok(one !== two, state);
        seen.add(state);
        await moment(0);
      }
    })();
    for (let index = 0; index < 10; index++) {
      const names = index % 2 === 0 ? ["bob", "two"] : ["bob", "one"];
      publisher.guard = engine(100 + index, names);
      await publisher.publish();
      await second.refresh();
    }
    isDone = true;
    await asking;
    assert.ok(seen.size >= 5 && second.stats.snapshots === 11);
  });
});
