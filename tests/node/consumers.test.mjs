// The published types where they are used: each consumer has its own resolution, libraries and strictness, and none skips the check of declarations.
// Whatever two settings one thinks of, some consumer has both.
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { complaints, root } from "./compiler.mjs";

const CONSUMERS = [
  { resolution: "node16", lib: ["es2022"], types: [], exact: false },
  { resolution: "node16", lib: ["es2022", "dom"], types: ["node"], exact: true },
  { resolution: "nodenext", lib: ["es2022"], types: [], exact: true },
  { resolution: "nodenext", lib: ["es2022"], types: ["node"], exact: false },
  { resolution: "nodenext", lib: ["es2022", "dom"], types: [], exact: false },
  { resolution: "nodenext", lib: ["esnext"], types: ["node"], exact: true },
  { resolution: "bundler", lib: ["es2022"], types: [], exact: false },
  { resolution: "bundler", lib: ["es2022", "dom"], types: ["node"], exact: true },
  { resolution: "bundler", lib: ["esnext"], types: [], exact: false },
  { resolution: "bundler", lib: ["esnext", "dom"], types: [], exact: true },
];

// What a consumer can use: some of the package is for hosts that have more than the language.
function sources({ resolution, lib, types }) {
  const hasNode = types.includes("node");
  return [
    "engine.ts",
    "slim.ts",
    "inline.ts",
    // That version of Node, and so its modules, has no import attributes.
    ...(resolution === "node16" ? [] : ["imported.ts"]),
    ...(hasNode || lib.includes("esnext") ? ["disposal.ts"] : []),
    ...(hasNode || lib.includes("dom") ? ["authzen.ts", "feed.ts"] : []),
    ...(resolution === "nodenext" ? ["common.cts"] : []),
    ...(resolution === "bundler" ? [] : ["inline.cts"]),
  ];
}

const folder = join(root, "target/consumers");
rmSync(folder, { recursive: true, force: true });

for (const [index, consumer] of CONSUMERS.entries()) {
  const { resolution, lib, types, exact } = consumer;
  const files = sources(consumer);
  const settings = [resolution, ...lib, ...types.map((name) => `types of ${name}`), ...(exact ? ["exact optional members"] : [])];
  test(`${settings.join(", ")}: ${files.join(", ")}`, () => {
    const place = join(folder, `${index}`);
    mkdirSync(place, { recursive: true });
    const compilerOptions = {
      strict: true,
      noEmit: true,
      target: "es2022",
      module: resolution === "bundler" ? "esnext" : resolution,
      moduleResolution: resolution,
      lib,
      types,
      exactOptionalPropertyTypes: exact,
      noUncheckedIndexedAccess: true,
      verbatimModuleSyntax: true,
      resolveJsonModule: true,
      skipLibCheck: false,
    };
    const config = { compilerOptions, files: files.map((file) => `../../../tests/node/consumers/${file}`) };
    writeFileSync(join(place, "tsconfig.json"), JSON.stringify(config));
    assert.deepEqual(complaints(place), []);
  });
}
