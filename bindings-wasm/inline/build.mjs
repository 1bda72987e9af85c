// Makes `bailiwick/inline` in a package that is otherwise complete: `build.mjs FOLDER`. The ES module shares its code with the other entries. The
// CommonJS module is one file, and so are its types, since CommonJS cannot require the ES modules of the package everywhere.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { rolldown } from "rolldown";

const [folder] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const inline = join(folder, "inline");
const read = (name) => readFileSync(join(folder, name), "utf8");

mkdirSync(inline, { recursive: true });
for (const name of ["index.js", "index.d.ts"]) copyFileSync(join(here, name), join(inline, name));
writeFileSync(join(inline, "bytes.js"), `export const base64 =\n  "${readFileSync(join(folder, "bailiwick_bg.wasm")).toString("base64")}";\n`);

const bundle = await rolldown({ input: join(inline, "index.js"), platform: "neutral", logLevel: "warn" });
await bundle.write({ file: join(inline, "index.cjs"), format: "cjs", exports: "named" });
await bundle.close();

// In the order in which they import each other. A declaration that is exported nowhere stays as it is.
const DECLARATIONS = [
  "codes.d.ts",
  "documents.d.ts",
  "types.d.ts",
  "resource_changes.d.ts",
  "platform_changes.d.ts",
  "changes.d.ts",
  "insight.d.ts",
  "previews.d.ts",
  "error.d.ts",
  "bailiwick.d.ts",
  "index.d.ts",
];
const own = (text) =>
  text
    .replace(/^import type \{[^}]*\} from "\.\/[a-z_]+\.js";\n/gm, "")
    .replace(/^export (?:type )?(?:\*|\{[^}]*\}) from "\.\/[a-z_]+\.js";\n/gm, "");
writeFileSync(join(inline, "index.d.cts"), DECLARATIONS.map((name) => own(read(name))).join("\n"));
