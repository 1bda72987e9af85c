/** Bad input: `code` says what is wrong, `path` where (a JSON pointer), `message` in a sentence. */
export class BailiwickError extends Error {
  constructor(code, path, message) {
    super(message);
    this.code = code;
    this.path = path;
  }
}

Object.defineProperty(BailiwickError.prototype, "name", { value: "BailiwickError", configurable: true, writable: true });

/** Whether this is a BailiwickError, be it of another copy of the package. */
export function isBailiwickError(value) {
  return value instanceof BailiwickError || (value instanceof Error && value.name === "BailiwickError" && typeof value.code === "string");
}
