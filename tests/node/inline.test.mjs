// `bailiwick/inline`: everything in the JavaScript, as an ES module and as CommonJS, answers as the package does.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { execFileSync } from "node:child_process";

import * as bailiwick from "bailiwick";
import * as imported from "bailiwick/inline";

import { bundle } from "../suite/bundle.mjs";
import { runSuite } from "../suite/cases.mjs";

const required = createRequire(import.meta.url)("bailiwick/inline");

for (const [name, inline] of Object.entries({ imported, required })) {
  test(`${name}, it has what the package has`, () => {
    assert.deepEqual(Object.keys(inline).sort(), Object.keys(bailiwick).sort());
    assert.equal(inline.version, bailiwick.version);
  });

  test(`${name}, it answers the shared suite`, () => {
    const { expected, passed, failures } = runSuite(bundle(), inline);
    assert.deepEqual(failures, []);
    assert.equal(passed, expected);
  });
}

test("imported, its errors and engines are those of the other entries", () => {
  assert.equal(imported.BailiwickError, bailiwick.BailiwickError);
  assert.equal(imported.Bailiwick, bailiwick.Bailiwick);
});

test("required, the one file is all that is needed", () => {
  const folder = mkdtempSync(join(tmpdir(), "inline-"));
  try {
    cpSync(createRequire(import.meta.url).resolve("bailiwick/inline"), join(folder, "alone.cjs"));
    const script = 'const { Bailiwick } = require("./alone.cjs"); console.log(Bailiwick.fromDirectory({ format: "bailiwick/1", organizations: [] }).policy)';
    assert.equal(execFileSync(process.execPath, ["-e", script], { cwd: folder, encoding: "utf8" }), "projects-2026-02\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
