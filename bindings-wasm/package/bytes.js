// Bytes of callers, and random bytes. Nothing here throws: for anything but bytes the result is undefined, and the core reports the error.

// The language's own getters read a view: a caller's object cannot override them, and bytes of another realm are bytes too.
const getter = (prototype, name) => Object.getOwnPropertyDescriptor(prototype, name).get;
const TypedArray = Object.getPrototypeOf(Uint8Array.prototype);
const nameOf = getter(TypedArray, Symbol.toStringTag);
const bufferOf = getter(TypedArray, "buffer");
const offsetOf = getter(TypedArray, "byteOffset");
const lengthOf = getter(TypedArray, "byteLength");
const bufferLength = getter(ArrayBuffer.prototype, "byteLength");

// The bytes of a Uint8Array; undefined for anything else.
export function viewOf(value) {
  try {
    if (nameOf.call(value) !== "Uint8Array") return undefined;
    return new Uint8Array(bufferOf.call(value), offsetOf.call(value), lengthOf.call(value));
  } catch {
    return undefined;
  }
}

// The bytes of an argument; null where it is absent.
export function bytesOf(value) {
  if (value === undefined || value === null) return null;
  if (ArrayBuffer.isView(value)) return viewOf(value);
  try {
    return bufferLength.call(value) >= 0 ? new Uint8Array(value) : undefined;
  } catch {
    return undefined;
  }
}

// Node.js, Deno and Bun have these natively. Their web `crypto` takes milliseconds to start, and hashes asynchronously.
let native;
try {
  native = globalThis.process?.getBuiltinModule?.("node:crypto");
} catch {
  // A host with another kind of `process`: the web's `crypto` is used.
}

export function randomBytes(length) {
  try {
    const bytes = new Uint8Array(length);
    return native ? native.randomFillSync(bytes) : globalThis.crypto.getRandomValues(bytes);
  } catch {
    return undefined;
  }
}

export function sha256(bytes) {
  try {
    return native?.createHash("sha256").update(bytes).digest();
  } catch {
    return undefined;
  }
}
