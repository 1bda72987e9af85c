// Writes any JavaScript value as the bytes that value.rs reads: a tag, then its contents. No value makes this throw: one that JSON cannot hold is written
// as a foreign value in its place, and the core reports the error.

import { viewOf } from "./bytes.js";
import { NULL, FALSE, TRUE, NUMBER, INSTANT, TEXT, UNUSABLE_TEXT, LIST, OBJECT, TOO_DEEP, FOREIGN } from "./constants.js";
import { NOT_FINITE, UNDEFINED, FUNCTION, SYMBOL, BIGINT, NOT_PLAIN, ILL_FORMED_KEY, THROWS, MAX_DEPTH } from "./constants.js";

// A part that is shared counts each time it is met, so a small object that refers to itself in many ways would fill any memory.
const MAX_VALUES = 1 << 23;
const MAX_BYTES = 1 << 28;
// No secret, reference or address is longer: the module's memory, which never shrinks, does not grow for such a string.
const LONGEST_STRING = 1 << 20;
// A loop writes shorter texts, faster than a call of the encoder.
const SHORT = 48;
const KEPT = 1 << 16;

const utf8 = new TextEncoder();
let bytes = new Uint8Array(4096);
let view = new DataView(bytes.buffer);
let end = 0;
let values = 0;

class TooLarge extends Error {}

export function encode(value) {
  if (typeof value === "string" && value.length > LONGEST_STRING) return Uint8Array.of(UNUSABLE_TEXT);
  // A getter in `value` may call the engine during the encoding: the inner call writes behind the outer one.
  const start = end;
  const valuesBefore = values;
  try {
    put(value, 0);
    return bytes.subarray(start, end);
  } catch (fault) {
    if (!(fault instanceof TooLarge)) throw fault;
    return Uint8Array.of(TOO_DEEP);
  } finally {
    end = start;
    values = valuesBefore;
    if (start === 0 && bytes.length > KEPT) grow(4096);
  }
}

// The UTF-8 of JSON text, from a string or bytes; undefined for anything else, and for a string that is not well-formed.
export function jsonBytes(document) {
  if (typeof document === "string") return document.isWellFormed() ? utf8.encode(document) : undefined;
  return viewOf(document);
}

function put(value, depth) {
  if (++values > MAX_VALUES) throw new TooLarge();
  switch (typeof value) {
    case "string":
      if (!value.isWellFormed()) return putTag(UNUSABLE_TEXT);
      putTag(TEXT);
      return putText(value);
    case "number":
      return Number.isFinite(value) ? putNumber(NUMBER, value) : putForeign(NOT_FINITE);
    case "boolean":
      return putTag(value ? TRUE : FALSE);
    case "object":
      if (value === null) return putTag(NULL);
      return depth < MAX_DEPTH ? putContainer(value, depth + 1) : putTag(TOO_DEEP);
    case "undefined":
      return putForeign(UNDEFINED);
    case "function":
      return putForeign(FUNCTION);
    case "symbol":
      return putForeign(SYMBOL);
    default:
      return putForeign(BIGINT);
  }
}

function putContainer(value, depth) {
  const start = end;
  try {
    if (Array.isArray(value)) return putList(value, depth);
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) {
      const name = Object.prototype.toString.call(value);
      if (name === "[object Date]") return putNumber(INSTANT, Date.prototype.getTime.call(value));
      if (name !== "[object Object]") return putForeign(NOT_PLAIN);
    }
    putObject(value, depth);
  } catch (fault) {
    if (fault instanceof TooLarge) throw fault;
    end = start;
    putForeign(THROWS);
  }
}

function putList(list, depth) {
  const start = end;
  let count = 0;
  putCount(LIST, 0);
  for (; count < list.length; count++) putMember(list, count, depth);
  view.setUint32(start + 1, count, true);
}

function putObject(object, depth) {
  const start = end;
  let count = 0;
  putCount(OBJECT, 0);
  for (const name of Object.keys(object)) {
    const before = end;
    if (!name.isWellFormed()) {
      end = start;
      return putForeign(ILL_FORMED_KEY);
    }
    putText(name);
    // A member that is undefined is absent, as optional fields are in JavaScript.
    if (putMember(object, name, depth)) count++;
    else end = before;
  }
  view.setUint32(start + 1, count, true);
}

// Whether the member is present: false if it is undefined. If a getter throws, a foreign value is written in its place.
function putMember(container, name, depth) {
  let value;
  try {
    value = container[name];
  } catch {
    putForeign(THROWS);
    return true;
  }
  put(value, depth);
  return value !== undefined;
}

function putText(text) {
  reserve(4 + text.length * 3);
  const start = end + 4;
  let length = 0;
  if (text.length <= SHORT) {
    for (let unit; length < text.length && (unit = text.charCodeAt(length)) < 0x80; length++) bytes[start + length] = unit;
  }
  if (length < text.length) length = utf8.encodeInto(text, bytes.subarray(start)).written;
  view.setUint32(end, length, true);
  end = start + length;
}

function putTag(tag) {
  reserve(1);
  bytes[end++] = tag;
}

function putForeign(what) {
  putTag(FOREIGN);
  putTag(what);
}

function putNumber(tag, number) {
  putTag(tag);
  reserve(8);
  view.setFloat64(end, number, true);
  end += 8;
}

function putCount(tag, count) {
  putTag(tag);
  reserve(4);
  view.setUint32(end, count, true);
  end += 4;
}

function reserve(more) {
  if (end + more <= bytes.length) return;
  if (end + more > MAX_BYTES) throw new TooLarge();
  grow(Math.max(bytes.length * 2, end + more));
}

function grow(size) {
  const larger = new Uint8Array(size);
  larger.set(bytes.subarray(0, end));
  bytes = larger;
  view = new DataView(bytes.buffer);
}
