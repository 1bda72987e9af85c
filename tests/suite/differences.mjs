// Where two JSON documents differ: what a runner shows of a case that fails.
const isContainer = (value) => value !== null && typeof value === "object";
const shown = (value) => JSON.stringify(value) ?? "nothing";
const own = (container, name) => (Object.hasOwn(container, name) ? container[name] : undefined);

// A line for each member that differs: its JSON pointer, what is expected and what was found.
export function differences(expected, found, pointer = "") {
  if (isContainer(expected) && isContainer(found) && Array.isArray(expected) === Array.isArray(found)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
    const escaped = (name) => name.replaceAll("~", "~0").replaceAll("/", "~1");
    return [...names].flatMap((name) => differences(own(expected, name), own(found, name), `${pointer}/${escaped(name)}`));
  }
  return Object.is(expected, found) ? [] : [`${pointer || "the answer"}: expected ${shown(expected)}, got ${shown(found)}`];
}
