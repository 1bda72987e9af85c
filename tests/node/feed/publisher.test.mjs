// The publisher: what it writes and when, two of them, and what is left by one that stops anywhere.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Bailiwick, isBailiwickError, publicKeyOf } from "bailiwick";
import { ConflictError, Publisher } from "bailiwick/publish";

import { conditionalStore, engine, enter, faulty, followerOf, knows, leave, MAX_AGE, moment, otherKey, plainStore, publicKey, publisherOf, signingKey, stateOf } from "./scene.mjs";

const START = Date.parse("2026-03-01T12:00:00Z");
const clock = (context) => {
  context.mock.timers.enable({ apis: ["Date"], now: START });
  return (seconds) => context.mock.timers.setTime(START + seconds * 1000);
};
const begun = async (store = conditionalStore()) => {
  const guard = engine(0, ["bob"]);
  const publisher = publisherOf(guard, store);
  await publisher.publish();
  store.asked?.();
  return { store, guard, publisher };
};
const isCode = (code, path) => (error) => isBailiwickError(error) && error.code === code && (path === undefined || error.path === path);
const resume = (store, options) => Publisher.resume(store, () => assert.fail("there is a feed"), { signingKey, ...options });

describe("a publisher", () => {
  test("claims a feed, steps, and does nothing where nothing is due", async () => {
    const { store, guard, publisher } = await begun();
    enter(guard, "eve");
    const { bytes, ...step } = await publisher.publish();
    assert.deepEqual(step, { revision: 1, steps: 1, jumps: 0, renewals: 1, snapshots: 1, deleted: 0 });
    assert.ok(bytes > 0);
    assert.equal(store.asked(), "replace deltas/0, create deltas/1, replace deltas/1, replace snapshot");
    assert.equal((await publisher.publish()).bytes, 0);
    assert.equal(store.asked(), "");
    assert.equal(publisher.stats.publications, 2);
  });

  test("renews at a third of the greatest age, and deletes what nobody needs", async (context) => {
    const later = clock(context);
    const { store, guard, publisher } = await begun();
    later(99);
    assert.equal((await publisher.publish()).renewals, 0);
    later(100);
    assert.deepEqual([(await publisher.publish()).renewals, publisher.stats.renewals], [1, 2]);
    enter(guard, "eve");
    await publisher.publish();
    await publisher.publish();
    store.asked();
    later(100 + 2 * MAX_AGE);
    await publisher.publish();
    later(102 + 2 * MAX_AGE);
    const { deleted } = await publisher.publish();
    assert.equal(deleted, 1);
    assert.match(store.asked(), /delete deltas\/0$/);
    const follower = followerOf(store);
    await follower.refresh();
    assert.equal(stateOf(follower.guard), stateOf(guard));
  });

  test("a delete that fails is no failure", async (context) => {
    const later = clock(context);
    const { store } = await begun();
    const next = await resume(faulty(store, (_, what) => (what.startsWith("delete") ? "lost" : undefined)));
    enter(next.guard, "eve");
    await next.publish();
    await next.publish();
    later(2 * MAX_AGE + 1);
    assert.deepEqual([(await next.publish()).renewals, (await next.publish()).deleted], [1, 0]);
    assert.ok(store.objects.has("deltas/0"));
  });

  test("where a chain breaks, followers are sent to the snapshot", async () => {
    const { store, publisher } = await begun();
    publisher.guard = engine(20, ["kim"]);
    assert.equal((await publisher.publish()).jumps, 1);
    const follower = followerOf(store);
    await follower.refresh();
    assert.equal(stateOf(follower.guard), "20: ada kim");
  });

  test("another state at the same revision is refused, with what to do", async () => {
    const { store, guard } = await begun();
    await assert.rejects(publisherOf(engine(0, ["zoe"]), store).publish(), isCode("delta_fork"));
    const follower = followerOf(store);
    await follower.refresh();
    assert.equal(stateOf(follower.guard), stateOf(guard));
  });

  test("what has changed since a failure is published after what was left undone", async () => {
    const { store } = await begun();
    let left = Infinity;
    const publisher = await resume(faulty(store, () => (left-- === 0 ? "unheard" : undefined)));
    for (const number of [0, 1, 2, 3]) {
      enter(publisher.guard, `first${number}`);
      left = number;
      await assert.rejects(publisher.publish(), /lost/);
      enter(publisher.guard, `then${number}`);
      const { revision, steps } = await publisher.publish();
      assert.deepEqual([revision, steps], [publisher.guard.revision, number === 0 ? 2 : steps]);
      const follower = followerOf(store);
      await follower.refresh();
      assert.equal(stateOf(follower.guard), stateOf(publisher.guard));
    }
  });

  test("what never becomes stale is not published", async () => {
    const endless = engine();
    const document = { ...endless.toDirectory(), max_age_seconds: null };
    const store = conditionalStore();
    await assert.rejects(publisherOf(Bailiwick.fromDirectory(document), store).publish(), isCode("missing_field", "/maxAgeSeconds"));
    assert.equal(store.objects.size, 0);
    await publisherOf(Bailiwick.fromDirectory(document), store, { maxAgeSeconds: 60 }).publish();
    assert.equal(store.objects.size, 2);
  });

  test("calls wait for each other, and each publishes the newest", async () => {
    const { store, guard, publisher } = await begun();
    enter(guard, "eve");
    const first = publisher.publish();
    enter(guard, "kim");
    const all = await Promise.all([first, publisher.publish()]);
    assert.equal(all.at(-1).revision, 2);
    const follower = followerOf(store);
    await follower.refresh();
    assert.equal(stateOf(follower.guard), stateOf(guard));
  });

  test("publishes by itself until it is stopped, whatever its hooks do", async (context) => {
    const logged = context.mock.method(console, "error", () => {});
    const { store } = await begun();
    let isDown = true;
    const told = [];
    const fails = (what) => (value) => { told.push([what, value]); throw new Error("mine"); };
    const publisher = publisherOf(engine(0, ["bob"]), faulty(store, () => (isDown ? "lost" : undefined)), { interval: 0.01, onPublish: fails("published"), onError: fails("failed") });
    publisher.start().start();
    while (publisher.stats.failures < 3) await moment(5);
    isDown = false;
    enter(publisher.guard, "eve");
    while (!told.some(([what]) => what === "published")) await moment(5);
    assert.equal(publisher.stats.failures, 0);
    enter(publisher.guard, "kim");
    await publisher.stop();
    const follower = followerOf(store);
    await follower.refresh();
    const { revision } = follower.guard;
    await moment(50);
    await follower.refresh();
    assert.equal(follower.guard.revision, revision);
    assert.match(told[0][1].message, /lost/);
    assert.equal(logged.mock.calls.filter(({ arguments: [fault] }) => fault.message === "mine").length, told.length);
    assert.ok(told.length >= 4);
    if (Symbol.asyncDispose) await publisher[Symbol.asyncDispose]();
  });

  test("everything is renewed by a new key, which followers know beside the old one", async () => {
    const { store, guard } = await begun();
    const [old, both] = [followerOf(store), followerOf(store, { publicKeys: [publicKey, publicKeyOf(otherKey)] })];
    await Promise.all([old.refresh(), both.refresh()]);
    await assert.rejects(resume(store, { signingKey: otherKey }), isCode("signature_invalid"));
    const next = await resume(store, { signingKey: otherKey, publicKeys: [publicKey] });
    assert.equal(stateOf(next.guard), stateOf(guard));
    const { renewals, snapshots } = await next.publish();
    assert.deepEqual([renewals, snapshots], [1, 1]);
    leave(next.guard, "bob");
    await next.publish();
    assert.equal(await both.refresh(), true);
    assert.equal(knows(both.guard, "bob"), false);
    assert.equal(await old.refresh(), false);
    assert.deepEqual(old.told, ["deltas/0: signature_invalid"]);
    const fresh = followerOf(store, { publicKeys: [publicKeyOf(otherKey)] });
    assert.equal(await fresh.refresh(), true);
  });
});

describe("two publishers", () => {
  for (const [what, make] of [["with conditions", conditionalStore], ["with get and put", plainStore]]) {
    test(`${what}: the second one is told, has written nothing, and goes on from the first`, async () => {
      const { store, guard, publisher } = await begun(make());
      const second = await resume(store);
      enter(second.guard, "eve");
      await second.publish();
      const before = new Map(store.objects);
      leave(guard, "bob");
      await assert.rejects(publisher.publish(), (error) => error instanceof ConflictError && error.name === "ConflictError" && /deltas\/0/.test(error.message));
      assert.deepEqual(store.objects, before);
      assert.equal(publisher.stats.conflicts, 1);
      // Its engine knows nothing of what the second one has published, although it has a higher revision by now. So it does nothing until it is made to read.
      for (const name of ["kim", "zoe"]) enter(guard, name);
      for (let index = 0; index < 2; index++) await assert.rejects(publisher.publish(), ConflictError);
      assert.deepEqual([store.objects, publisher.stats.conflicts], [before, 1]);
      publisher.guard = await publisher.read();
      assert.equal(stateOf(publisher.guard), "1: ada bob eve");
      leave(publisher.guard, "bob");
      await publisher.publish();
      await assert.rejects(
        (async () => {
          enter(second.guard, "kim");
          await second.publish();
        })(),
        ConflictError,
      );
      const follower = followerOf(store);
      await follower.refresh();
      assert.equal(stateOf(follower.guard), "2: ada eve");
    });

    test(`${what}: of two that begin a feed, one is told`, async () => {
      const store = make();
      const [one, other] = [publisherOf(engine(0, ["one"]), store), publisherOf(engine(0, ["other"]), store)];
      assert.deepEqual([await one.read(), await other.read()], [undefined, undefined]);
      await one.publish();
      await assert.rejects(other.publish(), ConflictError);
      const follower = followerOf(store);
      await follower.refresh();
      assert.equal(stateOf(follower.guard), "0: ada one");
    });
  }
});

// Publications of each kind: what there is, and what is published.
const KINDS = {
  first: async (make) => ({ store: make(), guard: engine(0, ["bob"]), edge: null }),
  step: async (make) => {
    const { store } = await begun(make());
    const { guard } = await resume(store);
    enter(guard, "eve");
    return { store, guard };
  },
  jump: async (make) => ({ store: (await begun(make())).store, guard: engine(20, ["kim"]) }),
};

describe("a crash", () => {
  for (const [what, make] of [["with conditions", conditionalStore], ["with get and put", plainStore]]) {
    for (const [kind, prepare] of Object.entries(KINDS)) {
      for (const how of ["lost", "unheard"]) {
        test(`${what}, ${kind}: at every request that is ${how}, the same publisher and another one go on`, async () => {
          let isOver = false;
          let crashes = 0;
          for (let number = 0; !isOver; number++) {
            for (const isSame of [true, false]) {
              const { store, guard } = await prepare(make);
              const edge = followerOf(store);
              await edge.refresh();
              const before = edge.guard && stateOf(edge.guard);
              let hasFailed = false;
              const failing = faulty(store, (index) => (index === number ? ((hasFailed = true), how) : undefined));
              const publisher = publisherOf(guard, failing);
              const failed = await publisher.publish().then(() => undefined, (fault) => fault);
              if (!hasFailed) {
                isOver = true;
                continue;
              }
              crashes += 1;
              assert.match(failed.message, /was lost/);
              // Nobody sees anything but what was, or what is to be.
              await edge.refresh();
              assert.ok([before, stateOf(guard), undefined].includes(edge.guard && stateOf(edge.guard)));
              if (isSame) await publisher.publish();
              else {
                const next = await Publisher.resume(store, () => guard, { signingKey });
                assert.ok([before, stateOf(guard)].includes(stateOf(next.guard)));
                // What the database says.
                if (stateOf(next.guard) !== stateOf(guard)) next.guard = guard;
                await next.publish();
              }
              for (const follower of [edge, followerOf(store)]) {
                await follower.refresh();
                assert.equal(stateOf(follower.guard), stateOf(guard), `${number}, ${isSame ? "the same" : "another one"}`);
                assert.deepEqual([follower.stats.failures, follower.isReady], [0, true]);
              }
            }
          }
          assert.ok(crashes >= 6, `${crashes} crashes`);
        });
      }
    }
  }
});
