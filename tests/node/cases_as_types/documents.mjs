// The documents that cases name, as `tests/README.md` says: by name, as they are, or another one with changes.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../compiler.mjs";

export const read = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));
export const has = (object, name) => object !== null && typeof object === "object" && Object.hasOwn(object, name);

export function named(folder, source) {
  if (typeof source === "string") {
    const path = source === "acme" ? "examples/acme/directory.json" : `tests/${folder}/${source}.json`;
    return existsSync(join(root, path)) ? read(path) : source;
  }
  if (!has(source, "base")) return source;
  const document = named(folder, source.base);
  for (const [pointer, value] of Object.entries(source.set ?? {})) {
    const [parent, key] = place(document, pointer);
    if (Array.isArray(parent) && key === "-") parent.push(value);
    else parent[key] = value;
  }
  for (const pointer of source.remove ?? []) {
    const [parent, key] = place(document, pointer);
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  }
  return document;
}

// What holds the place of a pointer, and under which key.
function place(document, pointer) {
  const path = tokens(pointer);
  const key = path.pop();
  return [path.reduce((value, token) => value[token], document), key];
}

export function tokens(pointer) {
  return pointer.split("/").slice(1).map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}
