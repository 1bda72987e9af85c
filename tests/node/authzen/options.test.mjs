// The AuthZEN handler: methods, paths and options.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Bailiwick, isBailiwickError } from "bailiwick";
import { createAuthzenHandler } from "bailiwick/authzen";

import { DOCUMENT, guard, BASE, PATHS, question, request, ask, expectRefused } from "./scene.mjs";

describe("where and how", () => {
  test("other methods are 405 and say which is right", async () => {
    for (const path of PATHS) {
      for (const method of ["GET", "PUT", "DELETE", "OPTIONS", "HEAD"]) {
        const response = await ask(path, undefined, { method });
        assert.deepEqual([response.status, response.headers.get("allow")], [405, "POST"]);
      }
    }
    const response = await ask("/.well-known/authzen-configuration", "{}");
    assert.deepEqual([response.status, response.headers.get("allow")], [405, "GET, HEAD"]);
  });

  test("other paths are 404", async () => {
    for (const path of ["/", "/access/v1", "/access/v1/evaluation/", "/access/v1//evaluation", "/access/v1/Evaluation", "/access/v1/search", "/access/v1/constructor", "/__proto__"]) {
      await expectRefused(await ask(path, question), 404);
    }
    assert.equal((await ask("/access/v1/evaluation?x=1", question)).status, 200);
  });
});

describe("options", () => {
  const refused = (options, code, path, ...others) =>
    assert.throws(() => createAuthzenHandler(others.length > 0 ? others[0] : guard, options), (error) => isBailiwickError(error) && error.code === code && error.path === path);

  test("none is ignored", () => {
    refused({ authenticat: () => true }, "unknown_field", "/authenticat");
    refused({ trust_context_time: true }, "unknown_field", "/trust_context_time");
    refused({ reasons: "yes" }, "wrong_type", "/reasons");
    refused({ trustContextTime: 1 }, "wrong_type", "/trustContextTime");
    refused({ baseUrl: 5 }, "wrong_type", "/baseUrl");
    for (const bad of [() => true, [], new Map([["authenticate", () => false]]), new (class { get authentcate() {} })(), 5, "authenticate"]) refused(bad, "wrong_type", "");
    for (const baseUrl of ["", "pdp.example.com", "https://[::::]", "https://1.2.3.4.5", "https://h%zz", "https://[1:2]/", "http://pdp.example.com", `${BASE}?x`, `${BASE}#x`, `${BASE}/ `]) refused({ baseUrl }, "wrong_type", "/baseUrl");
  });

  test("the engine may be the present one of several", async () => {
    let present;
    const decisionPoint = createAuthzenHandler(() => present);
    for (const [document, decision] of [[DOCUMENT, true], [{ ...DOCUMENT, organizations: [] }, false]]) {
      present?.free();
      present = Bailiwick.fromDirectory(document);
      assert.deepEqual(await (await ask(PATHS[0], question, {}, decisionPoint)).json(), { decision });
    }
  });

  test("an engine is needed", () => {
    for (const engine of [undefined, null, {}, "guard"]) refused({}, "wrong_type", "/guard", engine);
  });

  test("none at all are fine", async () => {
    for (const options of [undefined, null, {}, { baseUrl: undefined, reasons: undefined }]) assert.equal((await createAuthzenHandler(guard, options)(request(PATHS[0], question))).status, 200);
  });
});
