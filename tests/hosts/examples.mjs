// The examples of docs/javascript.md. Each runs in its host, unchanged.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "./processes.mjs";

const page = readFileSync(join(root, "docs/javascript.md"), "utf8");

// The blocks of a section in a language, in their order.
function blocks(section, language) {
  const begin = page.indexOf(`\n## ${section}\n`);
  if (begin < 0) throw new Error(`docs/javascript.md has no section ${section}`);
  const [text] = page.slice(begin + 4).split(/\n## /);
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].filter(([, name]) => name === language).map(([, , code]) => code);
}

export function example(section, language = "js", place = 0) {
  const code = blocks(section, language)[place];
  if (code === undefined) throw new Error(`docs/javascript.md has no block ${place} of ${language} in ${section}`);
  return code;
}

// The output of an example, as a part of its host's report.
export function shown(text) {
  const passed = text.trim() === "true" ? 1 : 0;
  return { expected: 1, passed, failures: passed ? [] : [`the example of docs/javascript.md shows ${JSON.stringify(text)} and not true`] };
}
