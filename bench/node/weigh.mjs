// What an engine adds to a program: the bytes that are installed, and the gzipped bytes of what runs, bundled and minified.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

import { rolldown } from "rolldown";

const here = new URL(".", import.meta.url).pathname;
const lock = JSON.parse(readFileSync(`${here}package-lock.json`, "utf8"));
const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** A package, and all that it depends on. */
function closure(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const dependency of Object.keys(lock.packages[`node_modules/${name}`]?.dependencies ?? {})) closure(dependency, found);
  return found;
}

function sizeOf(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

/** What of `source` is left when it is bundled. */
async function bundled(source) {
  const entry = { name: "entry", resolveId: (id) => (id === "entry" ? `${here}entry.mjs` : null), load: (id) => (id.endsWith("entry.mjs") ? source : null) };
  const bundle = await rolldown({ input: "entry", platform: "node", plugins: [entry], logLevel: "silent" });
  const { output } = await bundle.generate({ format: "esm", minify: true });
  return output.filter(({ type }) => type === "chunk").reduce((sum, { code }) => sum + gzipped(code), 0);
}

export async function weigh() {
  const folderOf = (name) => join(here, "node_modules", name);
  const installed = (name) => [...closure(name)].reduce((sum, one) => sum + sizeOf(folderOf(one)), 0);
  const own = dirname(createRequire(import.meta.url).resolve("bailiwick/bailiwick.wasm"));
  const wasm = (file) => gzipped(readFileSync(file));
  const cedar = "@cedar-policy/cedar-wasm";
  return {
    bailiwick: { installed_bytes: sizeOf(own), gzip_bytes: (await bundled('export { Bailiwick } from "bailiwick/slim"')) + wasm(join(own, "bailiwick_bg.wasm")) },
    casl: { installed_bytes: installed("@casl/ability"), gzip_bytes: await bundled('export { createMongoAbility } from "@casl/ability"') },
    "cedar-wasm": {
      installed_bytes: installed(cedar),
      gzip_bytes: gzipped(readFileSync(`${folderOf(cedar)}/nodejs/cedar_wasm.js`)) + wasm(`${folderOf(cedar)}/nodejs/cedar_wasm_bg.wasm`),
    },
    casbin: { installed_bytes: installed("casbin"), gzip_bytes: await bundled('export { newEnforcer, FileAdapter } from "casbin"') },
  };
}
