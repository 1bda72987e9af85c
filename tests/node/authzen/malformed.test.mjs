// The AuthZEN handler: malformed requests.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { handler, BASE, PATHS, bob, read, file, question, well, request, ask, expectDecision, expectRefused } from "./scene.mjs";

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
