// Test runners, with the example of docs/javascript.md as a test.
import { cpSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { example } from "../hosts/examples.mjs";
import { LINES, project, snapshot, use } from "./projects.mjs";

const expecting = (code) => code.replace(/console\.log\((.*)\);/, 'test("is allowed", () => expect($1).toBe(true));');
const COMMON = expecting(example("Node.js", "js", 1));
const MODULE = `import { expect, test } from "vitest";\n${expecting(example("Node.js"))}`;
// What docs/javascript.md tells to add.
const [SETUP, CONFIGURATION] = [1, 2].map((place) => example(LINES, "js", place));

const RUNS = [
  ["Jest", { "is.test.js": COMMON }, "jest", []],
  ["Jest with jsdom", { "is.test.js": COMMON, "jest.setup.js": SETUP, "jest.config.js": CONFIGURATION }, "jest", []],
  ["Vitest", { "is.test.mjs": MODULE }, "vitest", ["run"]],
  ["Vitest with jsdom", { "is.test.mjs": MODULE }, "vitest", ["run", "--environment=jsdom"]],
];

for (const [name, files, tool, args] of RUNS) {
  test(name, async () => {
    const folder = project(name, files);
    cpSync(snapshot, join(folder, "directory.snapshot"));
    await use(tool, args, { cwd: folder });
  });
}
