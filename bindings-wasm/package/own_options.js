// The options of a call as they are now: own members alone, each getter called once. None is ignored: a misspelt name, or a variable that is not set,
// must not turn off what protects.
import { BailiwickError } from "./error.js";

// `guarded` are those that may not be there in another way either, such as inherited: they would be neither absent nor the host's own.
export function ownOptions(options, names, guarded = names) {
  const isObject = typeof options === "object" && options !== null;
  const own = { __proto__: null, ...options };
  const lost = guarded.find((name) => isObject && name in options && !Object.hasOwn(own, name));
  if (lost !== undefined) throw wrongType(lost, "expected an option of the object's own");
  const prototype = isObject ? Object.getPrototypeOf(options) : undefined;
  if (prototype !== null && prototype !== Object.prototype) throw new BailiwickError("wrong_type", "", "the options are not a plain object");
  const other = Object.keys(own).find((name) => !names.includes(name));
  if (other !== undefined) throw new BailiwickError("unknown_field", `/${other}`, `there is no such option; there are ${names.join(", ")}`);
  return own;
}

// The same, with null for nothing: a value of each type, or undefined. `types` has them by name: a word of `typeof`, "seconds", or "any".
export function typedOptions(options, types) {
  const own = ownOptions(options ?? {}, Object.keys(types));
  for (const [name, value] of Object.entries(own)) {
    const type = types[name];
    if (value === null) throw wrongType(name, "expected a value, or nothing");
    if (value === undefined || type === "any") continue;
    if (type === "seconds") {
      if (!(typeof value === "number" && value > 0 && value <= LONGEST)) throw wrongType(name, "expected a number of seconds above 0, up to a day");
    } else if (typeof value !== type) throw wrongType(name, `expected a ${type}`);
  }
  return own;
}

export const wrongType = (name, message) => new BailiwickError("wrong_type", `/${name}`, message);

// Timers take no more than 24 days.
const LONGEST = 86_400;
