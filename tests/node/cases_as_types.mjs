// Writes the shared suite as TypeScript, one file for each file of cases. What the engine takes must compile, and so must what it answers; what it
// refuses for its shape must not. `target/types/` may be read when something does not: each line stands under the note of its case.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { read } from "./cases_as_types/documents.mjs";
import { examples } from "./cases_as_types/examples.mjs";
import { neighbours } from "./cases_as_types/neighbours.mjs";
import { spoilt } from "./cases_as_types/spoilt.mjs";
import { root } from "./compiler.mjs";

const HEAD = `import { analysePolicy, authzenMetadata, Bailiwick, builtInPolicy } from "bailiwick";
import { guard, type Answer } from "../../tests/node/cases_as_types/scene.js";
`;

export const folder = join(root, "target/types");

/** Returns what was written, line by line, and of how many cases. */
export function write() {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ extends: "../../tests/node/tsconfig.json", include: ["*.ts"] }));

  const documents = new Set();
  const isNew = ({ kind, text }) => kind !== "documents" || (!documents.has(text) && documents.add(text));
  const all = [];
  let cases = 0;
  for (const [name, count] of Object.entries(read("tests/cases/index.json").files)) {
    const file = read(`tests/cases/${name}`);
    if (file.cases.length !== count) throw new Error(`${name}: ${count} cases should be there`);
    all.push(...put(name.replace(".json", ".ts"), [...examples(file)].filter(isNew)));
    cases += count;
  }
  const taken = all.filter(({ call, error }) => call !== undefined && error === undefined);
  const answers = all.filter(({ kind }) => kind === "answers");
  const beside = put("neighbours.ts", [...neighbours(taken.map(({ call }) => call))]);
  const bad = put("spoilt.ts", [...spoilt(answers)]);
  return { cases, lines: [...all, ...beside, ...bad] };
}

function put(name, lines) {
  const text = lines.map(({ refused, note, text }) => `// ${refused ? "@ts-expect-error " : ""}${note}\n${text};\n`);
  writeFileSync(join(folder, name), HEAD + text.join(""));
  return lines;
}
