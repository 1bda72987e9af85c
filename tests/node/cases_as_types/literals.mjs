// A value as TypeScript: a literal on one line, since `@ts-expect-error` speaks of one line, and only literals are checked for members too many.

export function literal(value) {
  if (value instanceof Uint8Array) return `new Uint8Array([${value}])`;
  if (value instanceof ArrayBuffer) return `new ArrayBuffer(${value.byteLength})`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (value === null || typeof value !== "object") return String(value);
  const members = Object.entries(value).map(([name, member]) => `${key(name)}: ${literal(member)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

// `__proto__` before a colon would be no member but the prototype.
function key(name) {
  return name === "__proto__" ? '["__proto__"]' : JSON.stringify(name);
}
