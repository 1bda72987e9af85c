// A worker that is set up wrongly allows nothing; and what publish.mjs leaves in its files is what a worker takes.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, it } from "node:test";

import { assertError } from "./answers.mjs";

const KEY = "ab".repeat(32);

export function settings(place) {
  it("allows nothing without a public key", async () => {
    const world = await place.worker({});
    assertError(await world.ask("/v1/files/file_a", { key: place.keys.ci }), 500, { error: "internal" });
    await world.logged(/settings: PUBLIC_KEY is not 32 bytes/);
    await world.stop();
  });

  it("takes no variable that is not right", async () => {
    const { settingsOf } = await import(pathToFileURL(join(place.folder, "src/settings.js")));
    const DIRECTORY = { get: async () => null };
    for (const PUBLIC_KEY of [KEY, KEY.toUpperCase(), Buffer.from(KEY, "hex").toString("base64")]) {
      const { publicKey, followSeconds, authzenToken } = settingsOf({ DIRECTORY, PUBLIC_KEY });
      assert.deepEqual([publicKey, followSeconds, authzenToken], [Uint8Array.from(Buffer.from(KEY, "hex")), 5, undefined]);
    }
    const { error } = console;
    console.error = () => {};
    after(() => (console.error = error));
    for (const wrong of [
      { PUBLIC_KEY: KEY.slice(2) },
      { PUBLIC_KEY: `${KEY}a` },
      { PUBLIC_KEY: `${KEY}ab` },
      { PUBLIC_KEY: KEY.replace("a", "g") },
      { PUBLIC_KEY: "no base64" },
      { FOLLOW_SECONDS: "often" },
      { FOLLOW_SECONDS: "-1" },
      { FOLLOW_SECONDS: "Infinity" },
      { DIRECTORY: undefined },
      { AUTHZEN_URL: "https://pdp.example.com/tenant" },
      { AUTHZEN_URL: "pdp.example.com" },
    ]) {
      assert.throws(() => settingsOf({ DIRECTORY, PUBLIC_KEY: KEY, ...wrong }), TypeError);
    }
  });

  it("takes what publish.mjs has left in files", async () => {
    const work = mkdtempSync(join(tmpdir(), "edge worker-"));
    after(() => rmSync(work, { recursive: true, force: true }));
    const [key, state, changes] = ["signing.key", "state", "changes.json"].map((name) => join(work, name));
    const run = (...args) => {
      const env = { ...process.env, BAILIWICK_SIGNING_KEY_FILE: key };
      return execFileSync(process.execPath, [join(place.folder, "publish.mjs"), ...args], { env, encoding: "utf8", stdio: "pipe", timeout: 30_000 });
    };
    const said = [run("key", key)];
    assert.equal(statSync(key).mode & 0o777, 0o600);
    assert.throws(() => run("key", key), /EEXIST/);
    const [, publicKey] = said[0].match(/PUBLIC_KEY ([0-9a-f]{64})/);

    const secret = place.secret("a secret that has been there for years".replaceAll(" ", "-"));
    const digest = `sha256:${createHash("sha256").update(secret).digest("hex")}`;
    writeFileSync(changes, JSON.stringify([{ change: { type: "create_api_key", project: "prj_b", key: "key_b", digest }, actor: "user:usr_eve" }]));
    const world = await place.worker({ PUBLIC_KEY: Buffer.from(publicKey, "hex").toString("base64"), FOLLOW_SECONDS: "0" });
    for (const args of [[state, changes], [state]]) {
      const commands = run(...args);
      said.push(commands);
      for (const [, key, file] of commands.matchAll(/ kv key put (\S+) --path '([^']+)' .*--binding DIRECTORY/g)) {
        await world.namespace.put(key, Uint8Array.from(readFileSync(file)));
      }
      const answer = await world.ask("/v1/files/file_b", { key: secret });
      assert.deepEqual([answer.status, answer.headers["x-bailiwick-revision"]], [201, "1"]);
    }
    assert.ok(!said.join("").includes(readFileSync(key, "utf8").trim()));
    await world.stop();
  });
}
