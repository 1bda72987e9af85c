// The shared suite as one value, for hosts that have no files: the index, the cases, and the documents that cases name.
import { readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const tests = dirname(dirname(fileURLToPath(import.meta.url)));
const read = (path) => JSON.parse(readFileSync(path, "utf8"));

function documents(folder) {
  const names = readdirSync(join(tests, folder)).filter((name) => name.endsWith(".json"));
  return Object.fromEntries(names.map((name) => [basename(name, ".json"), read(join(tests, folder, name))]));
}

export function bundle(cases = join(tests, "cases")) {
  const { files: counts } = read(join(cases, "index.json"));
  return {
    counts,
    files: Object.fromEntries(Object.keys(counts).map((name) => [name, read(join(cases, name))])),
    documents: { directories: documents("directories"), policies: documents("policies") },
  };
}
