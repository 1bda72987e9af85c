// The AuthZEN handler: what the standard demands of the HTTPS binding, what its certification looks at, and what a stranger may try. What is in
// the bodies is the core's, and proved by the shared suite. verdicts.test.mjs is about what hooks may say.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { authzenMetadata, Bailiwick, isBailiwickError } from "bailiwick";
import { createAuthzenHandler } from "bailiwick/authzen";

const DOCUMENT = {
  format: "bailiwick/1",
  organizations: [{
    id: "org_acme", owner: "usr_ada",
    members: [{ user: "usr_ada", role: "admin" }, { user: "usr_bob", role: "member" }],
    projects: [
      { id: "prj_default", default: true },
      {
        id: "prj_a",
        collaborators: [{ user: "usr_bob", role: "member" }],
        api_keys: [{ id: "key_old", created_by: "usr_bob", expires_at: "2026-01-01T00:00:00Z" }],
        resources: [{ id: "file_1", kind: "file" }, { id: "file_2", kind: "file" }],
      },
    ],
  }],
};
const guard = Bailiwick.fromDirectory(DOCUMENT);
const handler = createAuthzenHandler(guard);
const BASE = "https://pdp.example.com";
const PATHS = ["evaluation", "evaluations", "search/subject", "search/resource", "search/action"].map((name) => `/access/v1/${name}`);

const bob = { type: "user", id: "usr_bob" };
const read = { name: "file.read" };
const file = { type: "file", id: "file_1" };
const question = { subject: bob, action: read, resource: file };
/** A request that is well-formed for each path. */
const well = (path) => (path.endsWith("action") ? { subject: bob, resource: file } : question);

function request(path, body, { method = "POST", base = BASE, headers = {} } = {}) {
  const text = body === undefined || typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
  return new Request(base + path, { method, body: text, headers: { "content-type": "application/json", ...headers }, duplex: "half" });
}
const ask = (path, body, options, decisionPoint = handler) => decisionPoint(request(path, body, options));

async function expectDecision(body, decision, options) {
  const response = await ask("/access/v1/evaluation", body, options);
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { decision });
}

async function expectRefused(response, status, text = /\w/) {
  assert.equal(response.status, status);
  assert.match(response.headers.get("content-type"), /^text\/plain/);
  assert.match(await response.text(), text);
}

describe("what an answer is", () => {
  test("a permission and its denying twin are both 200, with the decision alone", async () => {
    await expectDecision(question, true);
    await expectDecision({ ...question, resource: { type: "file", id: "file_3" } }, false);
    await expectDecision({ ...question, action: { name: "no.such.action" } }, false);
    await expectDecision({ ...question, subject: { type: "robot", id: "usr_bob" } }, false);
  });

  test("every API answers 200 and application/json, an object each", async () => {
    for (const path of PATHS) {
      const response = await ask(path, well(path));
      assert.equal(response.status, 200, path);
      assert.equal(response.headers.get("content-type"), "application/json");
      assert.equal(typeof (await response.json()), "object");
    }
  });

  test("the same question has the same body, byte for byte", async () => {
    for (const path of PATHS) {
      const bodies = await Promise.all([1, 2, 3].map(async () => (await ask(path, well(path))).text()));
      assert.equal(new Set(bodies).size, 1);
    }
  });

  test("searches find what evaluations permit", async () => {
    const found = async (path, body) => (await (await ask(path, body)).json()).results;
    assert.deepEqual(await found("/access/v1/search/subject", { ...question, subject: { type: "user" } }), [{ type: "user", id: "usr_ada" }, bob]);
    assert.deepEqual(await found("/access/v1/search/resource", { ...question, resource: { type: "file" } }), [file, { type: "file", id: "file_2" }]);
    assert.ok((await found("/access/v1/search/action", well("action"))).some(({ name }) => name === "file.read"));
  });

  test("reasons are told only where the host says so", async () => {
    const open = createAuthzenHandler(guard, { reasons: true });
    const { reason, caveats } = guard.checkAccess({ principal: "user:usr_bob", action: "file.read", resource: "file:file_1" });
    assert.deepEqual(await (await ask(PATHS[0], question, {}, open)).json(), { decision: true, context: { reason, caveats } });
    const denied = await (await ask(PATHS[0], { ...question, subject: { type: "user", id: "nobody" } }, {}, open)).json();
    assert.deepEqual(denied, { decision: false, context: { reason: "unknown_principal", caveats: [] } });
  });

  test("a caller's clock counts only where the host says so", async () => {
    const past = { subject: { type: "api_key", id: "key_old" }, action: read, resource: file, context: { time: "2025-12-31T00:00:00Z" } };
    const trusting = createAuthzenHandler(guard, { trustContextTime: true });
    assert.deepEqual(await (await ask(PATHS[0], past)).json(), { decision: false });
    assert.deepEqual(await (await ask(PATHS[0], past, {}, trusting)).json(), { decision: true });
    await expectDecision({ ...question, context: { time: "whenever" } }, true);
    await expectRefused(await ask(PATHS[0], { ...question, context: { time: "whenever" } }, {}, trusting), 400, /invalid_timestamp at \/context\/time/);
  });

  test("it answers by the newest revision", async () => {
    const own = Bailiwick.fromDirectory(DOCUMENT);
    const decisionPoint = createAuthzenHandler(own);
    own.apply({ type: "remove_collaborator", project: "prj_a", user: "usr_bob" });
    assert.deepEqual(await (await ask(PATHS[0], question, {}, decisionPoint)).json(), { decision: false });
  });
});

describe("what is malformed", () => {
  const cases = [
    ["no JSON", "{"], ["nothing", ""], ["no body", undefined], ["not UTF-8", Uint8Array.of(0x22, 0xff, 0x22)], ["a list", []], ["null", "null"], ["a key twice", '{"subject":{},"subject":{}}'],
    ["an empty object", {}], ["a subject that is a string", { ...question, subject: "usr_bob" }], ["an action that is a string", { ...question, action: "file.read" }],
    ["an action without a name", { ...question, action: {} }], ["a name that is a number", { ...question, action: { name: 123 } }],
    ["a subject without a type", { ...question, subject: { id: "usr_bob" } }], ["a subject without an id", { ...question, subject: { type: "user" } }],
    ["a resource without a type", { ...question, resource: { id: "file_1" } }], ["a resource without an id", { ...question, resource: { type: "file" } }],
    ["a context that is a list", { ...question, context: [] }],
    ...["subject", "action", "resource"].map((name) => [`no ${name}`, Object.fromEntries(Object.entries(question).filter(([key]) => key !== name))]),
  ];
  for (const [what, body] of cases) test(`${what} is 400`, async () => expectRefused(await ask("/access/v1/evaluation", body), 400));

  test("what is missing from a batch without items is 400, too", async () => expectRefused(await ask("/access/v1/evaluations", { subject: bob, evaluations: [] }), 400, /missing_field/));

  test("a semantic that there is not is 400", async () => {
    const body = { ...question, evaluations: [{}], options: { evaluations_semantic: "execute_some" } };
    await expectRefused(await ask("/access/v1/evaluations", body), 400, /evaluations_semantic/);
  });

  test("a token that was not given out is 400", async () => {
    const body = { ...question, resource: { type: "file" }, page: { token: "1.zz" } };
    await expectRefused(await ask("/access/v1/search/resource", body), 400, /cursor_invalid at \/page\/token/);
  });

  test("any content type but application/json is 400, parameters aside", async () => {
    for (const type of ["text/plain", "application/json-seq", "application/jsonp", "text/json", ""]) {
      await expectRefused(await ask(PATHS[0], question, { headers: { "content-type": type } }), 400, /content type/);
    }
    const untyped = new Request(BASE + PATHS[0], { method: "POST", body: new TextEncoder().encode(JSON.stringify(question)) });
    await expectRefused(await handler(untyped), 400, /content type/);
    await expectDecision(question, true, { headers: { "content-type": "Application/JSON; charset=utf-8" } });
  });

  test("unknown fields and properties are ignored", async () => {
    const properties = { anything: [1, { deep: null }] };
    const body = { subject: { ...bob, properties, extra: 1 }, action: { ...read, properties: 5 }, resource: { ...file, properties: null }, context: { ip: 1 }, future: {} };
    await expectDecision(body, true);
  });

  test("a body of more than 1 MiB is 413, and is not read to its end", async () => {
    let pulled = 0;
    const endless = new ReadableStream({ pull: (controller) => (pulled++, controller.enqueue(new Uint8Array(1 << 16).fill(32))) });
    const response = await handler(new Request(BASE + PATHS[0], { method: "POST", body: endless, duplex: "half", headers: { "content-type": "application/json" } }));
    await expectRefused(response, 413);
    assert.ok(pulled < 30);
    await expectDecision(`${" ".repeat((1 << 20) - JSON.stringify(question).length)}${JSON.stringify(question)}`, true);
  });

  test("a body whose rest nobody gives up is 413 all the same", async () => {
    for (const cancel of [() => new Promise(() => {}), () => { throw new Error("no"); }]) {
      const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 20)), cancel });
      const request = new Request(BASE + PATHS[0], { method: "POST", body: endless, duplex: "half", headers: { "content-type": "application/json" } });
      await expectRefused(await handler(request), 413);
    }
  });

  const streamed = (pull) => {
    const body = new ReadableStream({ pull }, { highWaterMark: 0 });
    return handler(new Request(BASE + PATHS[0], { method: "POST", body, duplex: "half", headers: { "content-type": "application/json" } }));
  };

  test("a body in chunks is one body, however they are cut", async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(question).padEnd(20_000));
    for (const size of [1, 3, 4095, 4096, 4097, 20_000]) {
      let at = 0;
      const response = await streamed((controller) => {
        if (at === 0) controller.enqueue(new Uint8Array());
        // A view into something larger.
        controller.enqueue(bytes.subarray(at, (at += size)));
        if (at >= bytes.length) controller.close();
      });
      assert.deepEqual([response.status, await response.text()], [200, '{"decision":true}'], `${size}`);
    }
  });

  test("a body byte by byte takes no more memory than in one piece", async () => {
    const left = new TextEncoder().encode(JSON.stringify(question).padStart(1 << 17));
    let at = 0;
    let most = 0;
    const { rss } = process.memoryUsage();
    const response = await streamed((controller) => {
      controller.enqueue(left.slice(at, ++at));
      if (at % 8192 === 0) most = Math.max(most, process.memoryUsage().rss);
      if (at === left.length) controller.close();
    });
    assert.equal(await response.text(), '{"decision":true}');
    // Chunks that are kept would take 150 MiB.
    assert.ok(most - rss < 75 * (1 << 20), `${(most - rss) >> 20} MiB`);
  });

  test("empty chunks without end are too much as well", async () => {
    let pulled = 0;
    await expectRefused(await streamed((controller) => (pulled++, controller.enqueue(new Uint8Array()))), 413);
    assert.ok(pulled < 2000);
  });

  test("what is not a stream of bytes, or breaks off, is no request and no decision", async (context) => {
    context.mock.method(console, "error", () => {});
    const body = JSON.stringify(question);
    for (const chunk of [body, { byteLength: 1 }, 5, null, undefined, new TextEncoder().encode(body).buffer]) {
      const response = await streamed((controller) => (controller.enqueue(chunk), controller.close()));
      assert.deepEqual([response.status, await response.text()], [500, "internal error"]);
    }
    let pulled = 0;
    const response = await streamed((controller) => {
      if (pulled++ > 0) throw new Error("reset");
      controller.enqueue(new TextEncoder().encode(body));
    });
    assert.deepEqual([response.status, await response.text()], [500, "internal error"]);
  });

  test("ten thousand evaluations are answered, and no more", async () => {
    const body = (count) => ({ ...question, evaluations: Array(count).fill({}) });
    assert.equal((await (await ask(PATHS[1], body(10_000))).json()).evaluations.length, 10_000);
    await expectRefused(await ask(PATHS[1], body(10_001)), 400, /limit_exceeded at \/evaluations/);
  });
});

describe("headers", () => {
  test("the request's identifier comes back with every answer", async () => {
    const headers = { "x-request-id": "bfe9eb29-ab87" };
    const echoed = [
      ask(PATHS[0], question, { headers }), ask(PATHS[0], "{", { headers }), ask("/nowhere", question, { headers }), ask(PATHS[0], undefined, { method: "GET", headers }),
      ask(PATHS[0], question, { headers }, createAuthzenHandler(guard, { authenticate: () => false })), ask("/.well-known/authzen-configuration", undefined, { method: "GET", headers }),
    ];
    for (const response of await Promise.all(echoed)) assert.equal(response.headers.get("x-request-id"), "bfe9eb29-ab87", response.status);
  });

  test("without one, there is none", async () => assert.equal((await ask(PATHS[0], question)).headers.get("x-request-id"), null));

  test("nobody keeps an answer, and no browser takes a sentence for a page", async () => {
    for (const response of [await ask(PATHS[0], question), await ask(PATHS[0], "<script>")]) {
      assert.equal(response.headers.get("cache-control"), "no-store");
      assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    }
  });
});

describe("metadata", () => {
  const metadata = async (path, decisionPoint, base) => (await ask(path, undefined, { method: "GET", base }, decisionPoint)).json();

  test("a host's own address is published as it is, with an endpoint for each API that answers", async () => {
    const decisionPoint = createAuthzenHandler(guard, { baseUrl: BASE });
    const response = await ask("/.well-known/authzen-configuration", undefined, { method: "GET", base: "http://10.0.0.1" }, decisionPoint);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "application/json");
    const published = await response.json();
    assert.deepEqual(published, {
      policy_decision_point: BASE,
      access_evaluation_endpoint: `${BASE}/access/v1/evaluation`,
      access_evaluations_endpoint: `${BASE}/access/v1/evaluations`,
      search_subject_endpoint: `${BASE}/access/v1/search/subject`,
      search_resource_endpoint: `${BASE}/access/v1/search/resource`,
      search_action_endpoint: `${BASE}/access/v1/search/action`,
    });
    for (const [name, url] of Object.entries(published)) {
      if (name !== "policy_decision_point") assert.equal((await ask(new URL(url).pathname, well(url), {}, decisionPoint)).status, 200, url);
    }
  });

  test("an address with a path has its metadata between host and path, and its endpoints below", async () => {
    for (const baseUrl of [`${BASE}/tenant1`, `${BASE}/tenant1/`]) {
      const decisionPoint = createAuthzenHandler(guard, { baseUrl });
      const published = await metadata("/.well-known/authzen-configuration/tenant1", decisionPoint);
      assert.equal(published.policy_decision_point, baseUrl);
      assert.equal(published.access_evaluation_endpoint, `${BASE}/tenant1/access/v1/evaluation`);
      assert.equal((await ask("/tenant1/access/v1/evaluation", question, {}, decisionPoint)).status, 200);
      await expectRefused(await ask("/access/v1/evaluation", question, {}, decisionPoint), 404);
      await expectRefused(await ask("/.well-known/authzen-configuration", undefined, { method: "GET" }, decisionPoint), 404);
    }
  });

  test("without an address, it is the one that is asked; https, or the machine itself", async () => {
    const path = "/.well-known/authzen-configuration";
    assert.equal((await metadata(path, handler, BASE)).policy_decision_point, BASE);
    assert.equal((await metadata(path, handler, "http://pdp.example.com:8080")).policy_decision_point, "https://pdp.example.com:8080");
    assert.equal((await metadata(path, handler, "http://127.0.0.1:8787")).policy_decision_point, "http://127.0.0.1:8787");
  });

  test("HEAD is GET without the body", async () => {
    const path = "/.well-known/authzen-configuration";
    for (const decisionPoint of [handler, createAuthzenHandler(guard, { baseUrl: BASE, authenticate: () => false })]) {
      const headers = { "x-request-id": "7" };
      const [get, head] = await Promise.all(["GET", "HEAD"].map((method) => ask(path, undefined, { method, headers }, decisionPoint)));
      assert.deepEqual([head.status, [...head.headers]], [200, [...get.headers]]);
      assert.deepEqual([head.body, await head.text()], [null, ""]);
      assert.notEqual(await get.text(), "");
    }
  });

  test("the pure function says the same", async () => {
    assert.deepEqual(JSON.parse(authzenMetadata(BASE)), await metadata("/.well-known/authzen-configuration", createAuthzenHandler(guard, { baseUrl: BASE })));
  });
});

describe("who may ask", () => {
  const answering = (verdict) => createAuthzenHandler(guard, { authenticate: verdict });
  const status = async (decisionPoint, options) => (await ask(PATHS[0], question, options, decisionPoint)).status;

  test("the host's hook decides, with the request in hand", async () => {
    const hook = answering(async ({ headers }) => headers.get("authorization") === "Bearer good");
    assert.equal(await status(hook, { headers: { authorization: "Bearer good" } }), 200);
    assert.equal(await status(hook, { headers: { authorization: "Bearer bad" } }), 401);
    assert.equal(await status(hook), 401);
    assert.equal((await ask(PATHS[0], question, {}, hook)).headers.get("www-authenticate"), "Bearer");
  });

  test("a response of the hook is sent as it is, and is no permission", async () => {
    const response = await ask(PATHS[0], question, { headers: { "x-request-id": "7" } }, answering(() => Response.json({ error: "suspended" }, { status: 403 })));
    assert.deepEqual([response.status, response.headers.get("x-request-id"), await response.json()], [403, "7", { error: "suspended" }]);
    const redirect = await ask(PATHS[0], question, {}, answering(() => Response.redirect("https://login.example.com")));
    assert.equal(redirect.status, 302);
  });

  test("nothing is answered before the hook has, and the body is read by nobody", async () => {
    let pulled = 0;
    const body = new ReadableStream({ pull: (controller) => (pulled++, controller.enqueue(new Uint8Array(8))) }, { highWaterMark: 0 });
    const headers = { "content-type": "application/json" };
    await expectRefused(await answering(() => false)(new Request(BASE + PATHS[0], { method: "POST", body, headers, duplex: "half" })), 401);
    assert.equal(pulled, 0);
  });

  test("what the host's own code throws is not told to the caller, not even an error of ours", async (context) => {
    context.mock.method(console, "error", () => {});
    const ours = () => Bailiwick.fromDirectory({});
    for (const decisionPoint of [answering(ours), createAuthzenHandler(ours)]) {
      const response = await ask(PATHS[0], question, {}, decisionPoint);
      assert.deepEqual([response.status, await response.text()], [500, "internal error"]);
    }
  });

  test("the metadata is for everybody", async () => {
    assert.equal((await ask("/.well-known/authzen-configuration", undefined, { method: "GET" }, answering(() => false))).status, 200);
  });

  test("a hook that throws is a 500 without its message, and lets nobody in", async (context) => {
    const told = context.mock.method(console, "error", () => {});
    for (const hook of [() => { throw new Error("secret"); }, async () => { throw new Error("secret"); }]) {
      const response = await ask(PATHS[0], question, { headers: { "x-request-id": "7" } }, answering(hook));
      assert.equal(response.headers.get("x-request-id"), "7");
      assert.equal(response.status, 500);
      assert.doesNotMatch(await response.text(), /secret/);
    }
    assert.equal(told.mock.callCount(), 2);
  });

  test("an engine that was freed is a 500, not a decision", async (context) => {
    context.mock.method(console, "error", () => {});
    const freed = Bailiwick.fromDirectory(DOCUMENT);
    const decisionPoint = createAuthzenHandler(freed);
    freed.free();
    assert.equal(await status(decisionPoint), 500);
  });
});

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
