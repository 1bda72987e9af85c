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

// All cases, or only those with a text in their note, in their file's name or in its topic.
export function bundle(folder = join(tests, "cases"), chosen = "") {
  const { files: counts } = read(join(folder, "index.json"));
  const files = Object.fromEntries(Object.keys(counts).map((name) => [name, read(join(folder, name))]));
  for (const [name, file] of chosen ? Object.entries(files) : []) {
    file.cases = file.cases.filter(({ note }) => [note, name, file.topic].some((text) => text.includes(chosen)));
    counts[name] = file.cases.length;
  }
  return { counts, files, documents: { directories: documents("directories"), policies: documents("policies") } };
}
