// Options that need a value once they are named: a variable that is not set must not turn off verification, nor make a change without an actor. Only an
// object's own members count; an inherited one counts as named, so that it is an error and not ignored. Nothing here throws.
import { bytesOf } from "./bytes.js";

// A longer list of keys is refused.
const MOST_KEYS = 1000;

const isObject = (value) => typeof value === "object" && value !== null;

// Whether the option is named, with any value.
export function isNamed(options, name) {
  try {
    return isObject(options) && name in options;
  } catch {
    return true;
  }
}

// An option of bytes: null if it is absent, undefined if it is not bytes. With `isDue`, an option that is named is never absent.
export function bytesOption(options, name, isDue) {
  try {
    if (!isObject(options)) return null;
    if (!Object.hasOwn(options, name)) return isDue && name in options ? undefined : null;
    const bytes = bytesOf(options[name]);
    return bytes === null && isDue ? undefined : bytes;
  } catch {
    return undefined;
  }
}

// An option of a list of bytes: the same, with undefined for each item that is not bytes. Once named, it is never absent.
export function bytesListOption(options, name) {
  try {
    if (!isNamed(options, name)) return null;
    const list = Object.hasOwn(options, name) ? options[name] : undefined;
    return Array.isArray(list) && list.length <= MOST_KEYS ? Array.from(list, (item) => bytesOf(item) ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}
