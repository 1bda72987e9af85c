// Stores of every shape: the same story in each, what each of them asks of its host, and what each does when it fails.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";

import { isBailiwickError } from "bailiwick";
import { FolderStore } from "bailiwick/folder";
import { ConflictError, Publisher } from "bailiwick/publish";

import { conditionalStore, engine, enter, followerOf, knows, leave, moment, publisherOf, serve, signingKey, stateOf, stores } from "./scene.mjs";

const folderOf = (context) => {
  const folder = mkdtempSync(join(tmpdir(), "feed-"));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
};

test("a feed lives in every store: begun, followed, taken over, broken, resumed", async (context) => {
  for (const [name, { store, place = store }] of Object.entries(await stores(context))) {
    await context.test(name, async () => {
      const cold = followerOf(place);
      assert.equal(await cold.refresh(), false);
      assert.deepEqual(cold.told, ["snapshot: the snapshot was not taken: there is none"]);

      const guard = engine(0, ["bob"]);
      const publisher = publisherOf(guard, store);
      await publisher.publish();
      assert.equal(await cold.refresh(), true);
      enter(guard, "eve");
      await publisher.publish();
      assert.equal(await cold.refresh(), true);
      assert.equal(stateOf(cold.guard), "1: ada bob eve");
      assert.equal(await cold.refresh(), false);
      assert.deepEqual([cold.stats.snapshots, cold.stats.deltas, cold.stats.failures], [1, 1, 0]);

      // Another process, whose store object is another one as well.
      const second = await Publisher.resume(store, () => assert.fail("there is a feed"), { signingKey });
      leave(second.guard, "bob");
      await second.publish();
      enter(guard, "kim");
      await assert.rejects(publisher.publish(), ConflictError);
      await cold.refresh();
      assert.equal(stateOf(cold.guard), "2: ada eve");

      second.guard = engine(30, ["zoe"]);
      await second.publish();
      const { guard: before } = cold;
      await cold.refresh();
      assert.ok(cold.guard === before && knows(before, "zoe") && !knows(before, "eve"));
      assert.deepEqual(cold.told.slice(1), ["deltas/2: delta_gap"]);
    });
  }
});

describe("an address", () => {
  const begun = async (hook) => {
    const store = conditionalStore();
    const guard = engine(0, ["bob"]);
    const publisher = publisherOf(guard, store);
    await publisher.publish();
    return { store, guard, publisher, ...(await serve(store, hook)) };
  };

  test("is asked for what has changed", async (context) => {
    const { server, statuses, url } = await begun();
    context.after(() => server.close());
    const follower = followerOf(`${url}/`);
    for (let index = 0; index < 3; index++) await follower.refresh();
    assert.deepEqual(statuses, [200, 200, 304, 304]);
  });

  test("is given the host's headers, and told not to answer from a cache", async (context) => {
    const seen = [];
    const { server, url } = await begun(({ headers }) => void seen.push([headers.authorization, headers["cache-control"]]));
    context.after(() => server.close());
    await followerOf(url, { headers: { authorization: "Bearer x" } }).refresh();
    assert.deepEqual(seen[0], ["Bearer x", "no-cache"]);
  });

  test("that answers otherwise is an error, and 410 is nothing there", async (context) => {
    let status = 500;
    const { server, url } = await begun(() => status);
    context.after(() => server.close());
    const follower = followerOf(url);
    for (status of [500, 403, 410]) await follower.refresh();
    status = undefined;
    assert.equal(await follower.refresh(), true);
    assert.deepEqual(follower.told, ["snapshot: the server answers 500", "snapshot: the server answers 403", "snapshot: the snapshot was not taken: there is none"]);
  });

  test("that stops in the middle is given up, and one that is only slow is not", async (context) => {
    let isSilent = true;
    const { server, url } = await begun((request, response) => {
      if (!request.url.endsWith("/snapshot")) return undefined;
      const { bytes } = store.objects.get("snapshot");
      response.writeHead(200, { "content-length": bytes.length });
      if (isSilent) response.write(bytes.subarray(0, 10));
      else (async () => {
        for (let start = 0; start < bytes.length; start += 1000) {
          response.write(bytes.subarray(start, start + 1000));
          await moment(60);
        }
        response.end();
      })();
      return "answered";
    }).then((scene) => ((store = scene.store), scene));
    context.after(() => (server.closeAllConnections(), server.close()));
    const follower = followerOf(url, { timeout: 0.25 });
    await follower.refresh();
    assert.match(follower.told[0], /no answer in 0.25 s/);
    isSilent = false;
    assert.equal(await follower.refresh(), true);
  });
  let store;

  test("a server without ETags is read in full", async (context) => {
    const fetched = [];
    const { server, url } = await begun();
    context.after(() => server.close());
    const own = async (address, { headers }) => {
      fetched.push(headers.get("if-none-match"));
      const answer = await fetch(address);
      return new Response(answer.body, { status: answer.status });
    };
    const follower = followerOf(url, { fetch: own });
    for (let index = 0; index < 2; index++) await follower.refresh();
    assert.deepEqual(fetched, [null, null, null]);
    assert.deepEqual(follower.told, []);
  });
});

describe("a folder", () => {
  test("holds whole files alone, and both ways to name it", async (context) => {
    const folder = folderOf(context);
    await publisherOf(engine(), new FolderStore(pathToFileURL(folder))).publish();
    assert.deepEqual(readdirSync(folder, { recursive: true }).sort(), ["deltas", "deltas/0", "snapshot"]);
    for (const path of [undefined, "", 5, new URL("https://example.com/")]) assert.throws(() => new FolderStore(path), (error) => isBailiwickError(error) && error.path === "/path");
  });

  test("of writes at the same time, one succeeds", async (context) => {
    const folder = folderOf(context);
    const writers = Array.from({ length: 8 }, () => new FolderStore(folder));
    let seen = null;
    for (let round = 0; round < 10; round++) {
      const tags = await Promise.all(writers.map((writer, index) => writer.put("snapshot", Uint8Array.of(round, index), seen)));
      const [tag, ...others] = tags.filter((tag) => tag !== null);
      assert.ok(tag !== undefined && others.length === 0, `${tags}`);
      const { bytes, tag: there } = await writers[0].get("snapshot");
      assert.deepEqual([there, [...bytes]], [tag, [round, tags.indexOf(tag)]]);
      seen = tag;
    }
    assert.equal(await writers[0].get("snapshot", seen), "unchanged");
    assert.deepEqual(readdirSync(folder), ["snapshot"]);
  });

  test("a lock that a crash has left is taken away, and one of somebody at work is waited for", async (context) => {
    const folder = folderOf(context);
    const store = new FolderStore(folder);
    writeFileSync(join(folder, ".lock"), "somebody");
    const long = new Date(Date.now() - 60_000);
    utimesSync(join(folder, ".lock"), long, long);
    const began = performance.now();
    assert.notEqual(await store.put("snapshot", Uint8Array.of(1), null), null);
    const took = performance.now() - began;
    assert.ok(took >= 9_900 && took < 20_000, `${took} ms`);
    assert.deepEqual(readdirSync(folder), ["snapshot"]);
  });

  test("whoever has lost the lock in the middle writes nothing", async (context) => {
    const folder = folderOf(context);
    const [store, lock] = [new FolderStore(folder), join(folder, ".lock")];
    let tag = await store.put("snapshot", Uint8Array.of(0), null);
    let there = 0;
    let lost = 0;
    // Somebody takes the lock away as soon as it is there: in time, or a moment too late.
    for (let attempt = 1; attempt <= 200 && lost === 0; attempt++) {
      let isOver = false;
      const thief = (async () => {
        while (!isOver && !existsSync(lock)) await new Promise(setImmediate);
        if (!isOver) writeFileSync(lock, "a thief");
      })();
      const written = await store.put("snapshot", Uint8Array.of(attempt), tag);
      isOver = true;
      await thief;
      if (written === null) lost += 1;
      else [tag, there] = [written, attempt];
      assert.deepEqual([...(await store.get("snapshot", "another")).bytes], [there]);
      rmSync(lock, { force: true });
    }
    assert.equal(lost, 1);
  });

  test("errors other than a missing file are errors", async (context) => {
    const folder = folderOf(context);
    const store = new FolderStore(join(folder, "file"));
    writeFileSync(join(folder, "file"), "no folder");
    assert.equal(await store.get("snapshot"), null);
    await assert.rejects(store.put("snapshot", Uint8Array.of(1), null));
    await new FolderStore(folder).delete("nothing");
  });
});

describe("KV", () => {
  // Gives what was there before, for a while, as KV does where it was read before.
  const delayed = () => {
    const [now, before] = [new Map(), new Map()];
    return {
      now,
      isDelayed: true,
      getWithMetadata() {},
      async get(key, { type }) {
        assert.equal(type, "arrayBuffer");
        const bytes = this.isDelayed && before.has(key) ? before.get(key) : now.get(key);
        return bytes?.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) ?? null;
      },
      async put(key, bytes, options) {
        // It would vanish before anybody knows that it is no longer needed.
        assert.equal(options, undefined);
        before.set(key, now.get(key));
        now.set(key, bytes.slice());
      },
    };
  };

  test("what this publisher has replaced is not taken for somebody else's", async () => {
    const store = delayed();
    const guard = engine(0, ["bob"]);
    const publisher = publisherOf(guard, store);
    await publisher.publish();
    enter(guard, "eve");
    await publisher.publish();
    assert.equal(publisher.stats.conflicts, 0);
    store.isDelayed = false;
    const follower = followerOf(store);
    await follower.refresh();
    assert.equal(stateOf(follower.guard), "1: ada bob eve");
    // Somebody else's is noticed all the same.
    const second = await Publisher.resume({ ...store, getWithMetadata: undefined }, () => assert.fail("there is a feed"), { signingKey });
    leave(second.guard, "bob");
    await second.publish();
    enter(guard, "kim");
    await assert.rejects(publisher.publish(), ConflictError);
  });
});

test("what is no store is refused", () => {
  const isWrong = (error) => isBailiwickError(error) && error.code === "wrong_type" && error.path === "/store";
  for (const store of [{}, new Map(), { get: 5 }, { get() {} }]) assert.throws(() => publisherOf(engine(), store), isWrong);
  for (const store of [{}, { get: 5 }]) assert.throws(() => followerOf(store), isWrong);
});

test("a store that gives something other than bytes is told", async () => {
  const follower = followerOf({ get: () => "text" });
  await follower.refresh();
  assert.deepEqual(follower.told, ["snapshot: the store gives something that is not bytes"]);
});
