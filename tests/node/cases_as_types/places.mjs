// Every place inside a value, and the value with something else in a place.

/** The ways to all members and entries, those that have members of their own included. */
export function* places(value, way = []) {
  if (value === null || typeof value !== "object") return;
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return;
  for (const [key, member] of Object.entries(value)) {
    yield [...way, key];
    yield* places(member, [...way, key]);
  }
}

/** The way without the numbers of entries: all entries of a list are of one type. */
export const kindOf = (way) => way.map((key) => (/^\d+$/.test(key) ? "*" : key)).join("/");

export const at = (value, way) => way.reduce((inner, key) => inner?.[key], value);

export function replaced(value, way, other) {
  const copy = structuredClone(value);
  at(copy, way.slice(0, -1))[way.at(-1)] = other;
  return copy;
}

export function without(value, way) {
  const copy = structuredClone(value);
  delete at(copy, way.slice(0, -1))[way.at(-1)];
  return copy;
}
