// The shared suite against the installed npm package. tests/README.md says what a case is.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import * as bailiwick from "bailiwick";

import { bundle } from "./suite/bundle.mjs";
import { runSuite } from "./suite/cases.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// A part of a case's note, of its file's name or of its topic.
const chosen = process.env.CASE;
const answers = process.env.SUITE_ANSWERS ?? join(root, "target/answers", chosen ? "case/node.tsv" : "node.tsv");

const { expected, passed, failures, lines } = runSuite(bundle(process.env.SUITE_CASES, chosen), bailiwick);
for (const failure of failures) console.log(failure);
mkdirSync(dirname(answers), { recursive: true });
writeFileSync(answers, lines.join(""));
console.log(`node: ${passed} passed, ${failures.length} failed`);
if (lines.length === 0) console.error(`no case has \`${chosen}\` in its note, in its file's name or in its topic`);
else if (failures.length > 0 || passed !== expected) console.error(`${expected} cases should have passed`);
process.exitCode = lines.length > 0 && failures.length === 0 && passed === expected ? 0 : 1;
