// What the tests of changes, listings, keys, snapshots and deltas share.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { Bailiwick, BailiwickError, isBailiwickError, publicKeyOf } from "bailiwick";

export const document = JSON.parse(readFileSync(new URL("../../directories/acme.json", import.meta.url), "utf8"));
export const at = "2026-02-01T12:00:00Z";
export const actor = "user:usr_ada";
export const signingKey = Uint8Array.from({ length: 32 }, (_, index) => index);
export const publicKey = publicKeyOf(signingKey);
export const load = () => Bailiwick.fromDirectory(document);
export const guard = load();
export const addition = (user) => ({ type: "add_collaborator", project: "prj_a", user });
export const removal = (user) => ({ type: "remove_collaborator", project: "prj_a", user });
export const hash = (text) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

/** Everything that an engine holds. */
export const state = (engine) => Buffer.from(engine.toSnapshot()).toString("base64");

/** The call fails with this code and path, and the engine is what it was, and goes on. */
export function refused(call, code, path, engine = guard) {
  const before = state(engine);
  let thrown;
  assert.throws(call, (error) => {
    thrown = error;
    assert.ok(error instanceof BailiwickError && error instanceof Error && isBailiwickError(error), String(error?.stack ?? error));
    assert.equal(error.name, "BailiwickError");
    // `unknown_change` lists all types.
    assert.ok(error.message.length > 0 && error.message.length < (code === "unknown_change" ? 1000 : 500) && error.stack);
    assert.deepEqual([error.code, error.path], [code, path], error.message);
    assert.equal(Object.hasOwn(error, "decision"), code === "forbidden");
    return true;
  });
  assert.equal(state(engine), before, "nothing has changed");
  works(engine);
  return thrown;
}

/** A change there and back. */
export function works(engine) {
  const { revision } = engine;
  assert.equal(engine.apply(addition("usr_there_and_back"), { actor, at }), revision + 1);
  assert.equal(engine.isAllowed("user:usr_there_and_back", "file.read", "project:prj_a", at), true);
  assert.equal(engine.apply(removal("usr_there_and_back")), revision + 2);
  assert.equal(engine.isAllowed("user:usr_there_and_back", "file.read", "project:prj_a", at), false);
}

/** What is thrown that is no BailiwickError, by the calls that throw it. */
export function foreign(calls) {
  return calls.flatMap((call) => {
    try {
      call();
    } catch (error) {
      if (!(error instanceof BailiwickError)) return [`${call}: ${error}`];
    }
    return [];
  });
}
