// Options of followers and publishers: none is ignored.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, test } from "node:test";

import { isBailiwickError } from "bailiwick";
import { createAuthzenHandler } from "bailiwick/authzen";
import { Follower } from "bailiwick/follow";
import { Publisher } from "bailiwick/publish";

import { conditionalStore, engine, followerOf, MAX_AGE, publicKey, publisherOf, signingKey } from "./scene.mjs";

const url = "https://feed.example.com/";
const refused = (make, options, code, path) => assert.throws(() => make(options), (error) => isBailiwickError(error) && error.code === code && error.path === path, `${path}`);

for (const [name, make, good, key, values] of [
  ["a follower", (options) => new Follower(options), { url, publicKey }, "publicKey", { interval: 2, timeout: 3, fetch, headers: {}, onUpdate() {}, onError() {} }],
  ["a publisher", (options) => new Publisher(engine(), conditionalStore(), options), { signingKey }, "signingKey", { interval: 2, timeout: 3, maxAgeSeconds: 60, publicKeys: [publicKey], onPublish() {}, onError() {} }],
]) {
  describe(name, () => {
    test("takes its own options", () => {
      make(good);
      make({ __proto__: null, ...good, ...values });
      for (const option of Object.keys(values)) if (option !== "publicKeys") make({ ...good, [option]: undefined });
    });

    test("refuses others", () => {
      refused(make, { ...good, intreval: 5 }, "unknown_field", "/intreval");
      for (const options of [5, "x", [], new Date(), Object.create(good)]) assert.throws(() => make(options), isBailiwickError);
      for (const option of Object.keys({ ...good, ...values })) refused(make, { ...good, [option]: null }, "wrong_type", `/${option}`);
      for (const interval of [0, -1, NaN, Infinity, "5", 1e9]) refused(make, { ...good, interval }, "wrong_type", "/interval");
      refused(make, { ...good, onError: "print" }, "wrong_type", "/onError");
    });

    test("has no key by accident", () => {
      const { [key]: _, ...without } = good;
      refused(make, without, "missing_field", `/${key}`);
      for (const value of [undefined, new Uint8Array(31), "0".repeat(64), [1]]) assert.throws(() => make({ ...without, [key]: value }), isBailiwickError);
      Object.prototype[key] = good[key];
      try {
        refused(make, without, "wrong_type", `/${key}`);
      } finally {
        delete Object.prototype[key];
      }
    });
  });
}

test("without the package's module, it says what to do", () => {
  for (const [entry, make] of [
    ["follow", `new Follower({ url: "https://feed.example.com/", publicKey: new Uint8Array(32) })`],
    ["publish", `new Publisher({ toDelta() {} }, { get() {}, put() {} }, { signingKey: new Uint8Array(32) })`],
  ]) {
    const input = `import { ${make.match(/new (\w+)/)[1]} } from "bailiwick/${entry}"; try { ${make}; } catch (fault) { console.log(fault.message); }`;
    const said = execFileSync(process.execPath, ["--input-type=module"], { input, encoding: "utf8", cwd: new URL(".", import.meta.url) });
    assert.match(said, /import `bailiwick` as well/);
  }
});

test("a follower has one place to read", () => {
  const make = (options) => new Follower(options);
  refused(make, { publicKey }, "missing_field", "/store");
  refused(make, { publicKey, url, store: conditionalStore() }, "missing_field", "/store");
  for (const wrong of ["ftp://example.com/", "feed", 5]) refused(make, { publicKey, url: wrong }, "wrong_type", "/url");
});

test("a publisher has an engine", async () => {
  for (const guard of [undefined, null, {}]) refused((it) => publisherOf(it, conditionalStore()), guard, "wrong_type", "/guard");
  await assert.rejects(Publisher.resume(conditionalStore(), undefined, { signingKey }), isBailiwickError);
  await assert.rejects(Publisher.resume(conditionalStore(), () => undefined, { signingKey }), isBailiwickError);
});

describe("a decision point of a follower", () => {
  const question = { subject: { type: "user", id: "usr_bob" }, action: { name: "file.read" }, resource: { type: "project", id: "prj_default" } };
  const ask = (handler, ...rest) =>
    handler(new Request("https://pdp.example.com/access/v1/evaluation", { method: "POST", body: JSON.stringify(question), headers: { "content-type": "application/json" } }), ...rest);

  test("is unavailable until there is a directory, and looks for it", async () => {
    const store = conditionalStore();
    const follower = followerOf(store, { interval: 0.001 });
    const handler = createAuthzenHandler(follower);
    const response = await ask(handler);
    assert.deepEqual([response.status, response.headers.get("retry-after")], [503, "1"]);
    await publisherOf(engine(0, ["bob"]), store).publish();
    const kept = [];
    await new Promise((resolve) => setTimeout(resolve, 20));
    const answer = await ask(handler, {}, { waitUntil: (promise) => kept.push(promise) });
    assert.deepEqual([answer.status, await answer.json(), kept.length], [200, { decision: true }, 1]);
  });

  test("denies when it is stale", async (context) => {
    context.mock.timers.enable({ apis: ["Date"], now: Date.now() });
    const store = conditionalStore();
    await publisherOf(engine(0, ["bob"]), store).publish();
    const handler = createAuthzenHandler(followerOf(store), { reasons: true });
    assert.equal((await (await ask(handler)).json()).decision, true);
    context.mock.timers.setTime(Date.now() + (MAX_AGE + 1) * 1000);
    assert.deepEqual(await (await ask(handler)).json(), { decision: false, context: { reason: "snapshot_stale", caveats: [] } });
  });

  test("asks nothing of the store for a caller who may not ask", async () => {
    const store = conditionalStore();
    const response = await ask(createAuthzenHandler(followerOf(store), { authenticate: () => false }));
    assert.deepEqual([response.status, store.asked()], [401, ""]);
  });
});
