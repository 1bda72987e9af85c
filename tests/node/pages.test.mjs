// The examples of the guides print what the pages show below them: in one process, from the first to the last.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);

for (const name of ["docs/life.md", "docs/insight.md"]) {
  test(`the examples of ${name} print what they show`, () => {
    const page = readFileSync(new URL(name, root), "utf8");
    const blocks = (language) => Array.from(page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms")), ([, text]) => text);
    const [code, output] = [blocks("js"), blocks("text")];
    assert.equal(code.length, output.length);
    const printed = execFileSync(process.execPath, ["--input-type=module"], { cwd: root, encoding: "utf8", input: code.join("\n") });
    assert.equal(printed, output.join(""));
  });
}
