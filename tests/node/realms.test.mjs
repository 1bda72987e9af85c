// `bailiwick/slim` where little is as in Node: a `process` of another kind, and modules, bytes and options that another realm has made.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { isBailiwickError } from "bailiwick";
import { runInNewContext } from "node:vm";

const installed = new URL("../../node_modules/bailiwick/", import.meta.url);
const wasm = fileURLToPath(new URL("bailiwick_bg.wasm", installed));

/** Runs a script in a process of its own, and returns what it prints. */
function run(script, ...flags) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--no-warnings", ...flags, "--input-type=module", "--eval", script], { encoding: "utf8", cwd: fileURLToPath(new URL("../..", import.meta.url)) });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

const ASK = `
  const guard = slim.Bailiwick.fromDirectory({ format: "bailiwick/1", organizations: [{ id: "o", owner: "a", members: [{ user: "a", role: "admin" }], projects: [{ id: "p", default: true }] }] });
  const key = slim.newApiKey();
  const copy = slim.Bailiwick.fromSnapshot(guard.toSnapshot());
  log([guard.isAllowed("user:a", "file.read", "project:p"), copy.isAllowed("user:b", "file.read", "project:p"), key.secret.length > 40].join());
`;

const PROCESSES = {
  "has no `getBuiltinModule`": "delete process.getBuiltinModule; process.getBuiltinModule = undefined",
  "has something else under that name": "process.getBuiltinModule = true",
  "gives no module": "process.getBuiltinModule = () => undefined",
  "throws when it is asked for one": 'process.getBuiltinModule = () => { throw new Error("no") }',
  "is null": 'Object.defineProperty(globalThis, "process", { value: null })',
  "cannot be read": 'Object.defineProperty(globalThis, "process", { get() { throw new Error("no") } })',
};
for (const [what, how] of Object.entries(PROCESSES)) {
  test(`a \`process\` that ${what}`, () => {
    const script = `import { readFileSync } from "node:fs"; const { log } = console; ${how};
      const slim = await import("bailiwick/slim"); slim.initSync({ module: readFileSync(${JSON.stringify(wasm)}) }); ${ASK}`;
    assert.equal(run(script), "true,false,true");
  });
}

// The package is of one realm; what it is given is of the other.
const MODULES = {
  "a module": "new outer.WebAssembly.Module(bytes)",
  "bytes": "new outer.Uint8Array(bytes)",
  "a buffer": "new outer.Uint8Array(bytes).buffer",
};
for (const [what, made] of Object.entries(MODULES)) {
  for (const options of ["{ module }", "Object.assign(new outer.Object(), { module })"]) {
    test(`${what} of another realm, in ${options}`, () => {
      const script = `import { readFileSync } from "node:fs"; import { createContext, runInContext } from "node:vm"; const { log } = console;
        console.warn = (...words) => log("warned", ...words);
        const outer = runInContext("({ WebAssembly, Uint8Array, Object })", createContext());
        const bytes = readFileSync(${JSON.stringify(wasm)}); const module = ${made};
        const slim = await import("bailiwick/slim"); slim.initSync(${options}); slim.initSync(${options}); ${ASK}`;
      assert.equal(run(script), "true,false,true");
    });
  }
}

test("the package in a realm of its own, as test runners have it", () => {
  const script = `import { readFileSync } from "node:fs"; import { createContext, SourceTextModule } from "node:vm"; const { log } = console;
    const bytes = readFileSync(${JSON.stringify(wasm)});
    for (const module of [bytes, new WebAssembly.Module(bytes), bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)]) {
      const context = createContext({ TextEncoder, TextDecoder, process, crypto, module, log });
      const modules = new Map();
      const load = (url) => modules.get(url) ?? modules.set(url, new SourceTextModule(readFileSync(new URL(url), "utf8"), { context, identifier: url })).get(url);
      const link = (specifier, { identifier }) => load(new URL(specifier, identifier).href);
      const main = new SourceTextModule(\`import * as slim from "./slim.js"; slim.initSync({ module }); ${ASK.replaceAll("`", "\\`")}\`, { context, identifier: ${JSON.stringify(pathToFileURL(wasm).href)} });
      await main.link(link);
      await main.evaluate();
    }`;
  assert.equal(run(script, "--experimental-vm-modules"), Array(3).fill("true,false,true").join("\n"));
});

test("an error of another realm is one of ours", () => {
  const made = runInNewContext('Object.assign(new Error("bad"), { name: "BailiwickError", code: "wrong_type", path: "" })');
  assert.equal(made instanceof Error, false);
  assert.equal(isBailiwickError(made), true);
  for (const other of [null, undefined, "BailiwickError", { name: "BailiwickError", code: "wrong_type" }, new TypeError("x"), Object.assign(new Error("x"), { name: "BailiwickError" })]) assert.equal(isBailiwickError(other), false);
});
