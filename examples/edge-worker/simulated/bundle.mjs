// The worker as Wrangler would upload it: JavaScript in one file, and WebAssembly as a module beside it.
import { copyFileSync } from "node:fs";
import { basename, join } from "node:path";

import { rolldown } from "rolldown";

// Those that Wrangler bundles with; it does so by esbuild.
const CONDITIONS = ["workerd", "worker", "browser"];

// Leaves `import module from "….wasm"` as it is, and notes the file.
const compiledWasm = (files) => ({
  name: "compiled-wasm",
  async resolveId(source, importer) {
    const resolved = source.endsWith(".wasm") ? await this.resolve(source, importer, { skipSelf: true }) : null;
    if (resolved === null) return null;
    files.add(resolved.id);
    return { id: `./${basename(resolved.id)}`, external: true };
  },
});

// The folder of the bundle; the worker in it is `index.js`.
export async function bundle(project) {
  const folder = join(project, "bundled");
  const files = new Set();
  const input = join(project, "src/index.js");
  const built = await rolldown({ input, cwd: project, resolve: { conditionNames: CONDITIONS }, plugins: [compiledWasm(files)] });
  await built.write({ dir: folder, entryFileNames: "index.js", codeSplitting: false });
  await built.close();
  for (const file of files) copyFileSync(file, join(folder, basename(file)));
  return folder;
}
