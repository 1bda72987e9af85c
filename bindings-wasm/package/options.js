// Options that have to be something as soon as they are named: a variable that is not set must not turn verification off, nor pass for the platform.
// Only an object's own members count; one that is inherited is named too, so that it is not overlooked. Nothing here throws.
import { bytesOf } from "./bytes.js";

// More keys than anybody has at once.
const MOST_KEYS = 1000;

const isObject = (value) => typeof value === "object" && value !== null;

// Whether there is such an option, whatever it is.
export function isNamed(options, name) {
  try {
    return isObject(options) && name in options;
  } catch {
    return true;
  }
}

// An option that should be bytes: null where it is absent, undefined where it is anything else. One that `isDue` is not absent once it is named.
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

// An option that should be a list of bytes: the same, with undefined for each item that is none. It is always due.
export function bytesListOption(options, name) {
  try {
    if (!isNamed(options, name)) return null;
    const list = Object.hasOwn(options, name) ? options[name] : undefined;
    return Array.isArray(list) && list.length <= MOST_KEYS ? Array.from(list, (item) => bytesOf(item) ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}
