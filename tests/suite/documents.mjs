// The documents that cases name, in any JavaScript host: by name, as they are, or another one with changes. tests/README.md says how.
export const has = (object, name) => object !== null && typeof object === "object" && Object.hasOwn(object, name);

// The steps of a JSON pointer.
export function tokens(pointer) {
  return pointer.split("/").slice(1).map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

// A document of those that bundle.mjs has read; an id of a policy stays what it is.
export function named(documents, folder, source) {
  if (typeof source === "string") return has(documents[folder], source) ? documents[folder][source] : source;
  return has(source, "base") ? changed(named(documents, folder, source.base), source) : source;
}

function changed(original, { set = {}, remove = [] }) {
  const document = structuredClone(original);
  const place = (pointer) => {
    const steps = tokens(pointer);
    const key = steps.pop();
    return [steps.reduce((value, step) => value[step], document), key];
  };
  for (const [pointer, value] of Object.entries(set)) {
    const [parent, key] = place(pointer);
    if (Array.isArray(parent) && key === "-") parent.push(value);
    else parent[key] = value;
  }
  for (const pointer of remove) {
    const [parent, key] = place(pointer);
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  }
  return document;
}
