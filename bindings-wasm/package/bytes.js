// Bytes that callers pass, and random ones. Nothing here throws: what is no bytes is undefined, and the core says what is wrong with it.

const typeOf = (value) => Object.prototype.toString.call(value);
const bufferLength = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength").get;

// A buffer of any realm; not something that merely calls itself one.
function isBuffer(value) {
  try {
    return bufferLength.call(value) >= 0;
  } catch {
    return false;
  }
}

// By what it is, not by its constructor: bytes may come from another realm.
export function bytesOf(value) {
  if (value === undefined || value === null) return null;
  if (ArrayBuffer.isView(value)) {
    return typeOf(value) === "[object Uint8Array]" ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : undefined;
  }
  return isBuffer(value) ? new Uint8Array(value) : undefined;
}

// A member of the options.
export function bytesOption(options, name) {
  if (typeof options !== "object" || options === null || !Object.hasOwn(options, name)) return null;
  try {
    return bytesOf(options[name]);
  } catch {
    return undefined;
  }
}

export function randomBytes(length) {
  try {
    return globalThis.crypto.getRandomValues(new Uint8Array(length));
  } catch {
    return undefined;
  }
}
