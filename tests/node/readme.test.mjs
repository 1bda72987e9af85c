// The first example of the README prints what the README shows below it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);

test("the first example of the README prints what it shows", () => {
  const page = readFileSync(new URL("README.md", root), "utf8");
  const [, code, output] = /^```js\n(.*?)^```\n\n```text\n(.*?)^```$/ms.exec(page);
  const printed = execFileSync(process.execPath, ["--input-type=module"], { cwd: root, encoding: "utf8", input: code });
  assert.equal(printed, output);
});
