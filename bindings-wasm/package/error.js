/** Bad input: `code` says what is wrong, `path` where (a JSON pointer), `message` in a sentence. A forbidden change brings the `decision`. */
export class BailiwickError extends Error {
  constructor(code, path, message, decision) {
    super(message);
    this.code = code;
    this.path = path;
    if (decision !== undefined) this.decision = decision;
  }
}

Object.defineProperty(BailiwickError.prototype, "name", { value: "BailiwickError", configurable: true, writable: true });

/** Whether this is a BailiwickError, be it of another copy of the package, or of another realm. */
export function isBailiwickError(value) {
  return value instanceof BailiwickError || (Object.prototype.toString.call(value) === "[object Error]" && value.name === "BailiwickError" && typeof value.code === "string");
}
