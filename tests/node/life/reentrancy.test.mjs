// Code of the caller that calls the engine while the engine reads its arguments or writes an answer.
import assert from "node:assert/strict";
import { test } from "node:test";

import { newApiKey } from "bailiwick";

import { at, actor, signingKey, publicKey, load, addition, works, foreign } from "./scene.mjs";

test("getters that use the engine while it reads them", () => {
  const engine = load();
  const { revision } = engine;
  const within = (object, name, value, action) => Object.defineProperty({ ...object }, name, { enumerable: true, get() { action(); return value; } });
  // The inner change is made first, and the outer one sees it.
  assert.equal(engine.apply(within(addition("usr_outer"), "user", "usr_outer", () => engine.apply(addition("usr_inner")))), revision + 2);
  assert.throws(() => engine.apply(within(addition("usr_again"), "user", "usr_again", () => engine.apply(addition("usr_again")))), { code: "already_exists", path: "/user" });
  assert.equal(engine.revision, revision + 3);
  const early = within({ expectedRevision: engine.revision }, "at", at, () => engine.apply(addition("usr_early")));
  assert.throws(() => engine.apply(addition("usr_late"), early), { code: "revision_conflict" });
  // The actor loses what the change needs while the change is being read.
  const demotion = () => engine.apply({ type: "set_collaborator_role", project: "prj_a", user: "usr_cleo", role: "member" });
  assert.equal(engine.preview(addition("usr_x"), { actor: "user:usr_cleo", at }).revision, engine.revision + 1);
  assert.throws(() => engine.apply(within(addition("usr_x"), "user", "usr_x", demotion), { actor: "user:usr_cleo", at }), { code: "forbidden", path: "/actor" });
  engine.toSnapshot(within({}, "signingKey", signingKey, () => engine.apply(addition("usr_signed"))));
  assert.equal(engine.isAllowed("user:usr_signed", "file.read", "project:prj_a", at), true);
  const page = engine.listProjects(within({ principal: "user:usr_paged" }, "at", at, () => engine.apply(addition("usr_paged"))));
  assert.deepEqual(page.items, ["prj_a"]);
  const delta = engine.toDelta(engine.revision);
  const verifying = within({}, "publicKey", publicKey, () => engine.apply(addition("usr_delta")));
  assert.throws(() => engine.applyDelta(delta, verifying), { code: "signature_missing" });
  works(engine);
});

test("setters that use the engine while it writes an answer, or throw", () => {
  const names = ["allowed", "items", "revision", "secret", "decision", "type"];
  const calls = (engine) => [
    () => engine.checkAccess({ principal: actor, action: "file.read", resource: "project:prj_a", at }),
    () => engine.checkMany([{ principal: actor, action: "file.read", resource: "project:prj_a", at }]),
    () => engine.attribute({ principal: actor, kind: "file", at }),
    () => engine.listProjects({ principal: actor, at }),
    () => engine.preview(addition("usr_new"), { at }),
    () => engine.apply(addition("usr_new"), { actor: "user:usr_dan", at }),
    () => engine.authenticate("chat"),
    () => engine.toDirectory(),
    () => newApiKey(),
  ];
  for (const fails of [false, true]) {
    for (const name of names) {
      const engine = load();
      const set = () => {
        if (fails) throw new Error("mine");
        // Nobody can change what is just being answered from; that they are told so is all right.
        foreign([() => engine.apply(addition("usr_setter"))]);
      };
      Object.defineProperty(Object.prototype, name, { configurable: true, set });
      try {
        for (const call of calls(engine)) {
          try {
            call();
          } catch (error) {
            assert.ok(error instanceof Error);
          }
        }
      } finally {
        delete Object.prototype[name];
      }
      const gone = foreign([() => engine.apply(addition("usr_after")), () => engine.revision]);
      assert.deepEqual(gone, [], `after a setter of ${name} that ${fails ? "throws" : "uses the engine"}`);
      works(engine);
    }
  }
});
