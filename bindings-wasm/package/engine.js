// What every entry point exports, apart from how it finds the module.
import { authzenMetadata, Bailiwick, findFaults, newApiKey, publicKeyOf } from "./bailiwick.js";
import * as fastPath from "./fast_path.js";

const { checkAccess: decideOn, checkMany: decideOnMany } = Bailiwick.prototype;

function isAllowed(principal, action, resource, at) {
  const allowed = fastPath.isAllowed(this, principal, action, resource, at);
  if (allowed !== undefined) return allowed;
  const isRequest = action === undefined && resource === undefined && at === undefined && typeof principal === "object";
  return decideOn.call(this, isRequest ? principal : { principal, action, resource, at }).allowed;
}

function checkAccess(request) {
  return fastPath.decisionOn(this, request) ?? decideOn.call(this, request);
}

function checkMany(requests) {
  return fastPath.decisionsOn(this, requests) ?? decideOnMany.call(this, requests);
}

// The prototype of an engine that was freed. Freeing it again, by hand or by `using`, does nothing.
const freed = Object.create(Bailiwick.prototype);
const { free: release } = Bailiwick.prototype;
function free() {
  if (Object.getPrototypeOf(this) === freed) return;
  try {
    release.call(this);
  } finally {
    // During a call of its own it cannot be freed; then its memory is lost.
    Object.setPrototypeOf(this, freed);
  }
}

// An engine is not data: written as JSON it would be an empty object.
function toJSON() {
  throw new TypeError("an engine is not JSON; write `toDirectory()` or `toSnapshot()` instead");
}

// The text that Node.js, Deno and Bun print.
function inspect() {
  try {
    return `Bailiwick { policy: "${this.policy}", revision: ${this.revision} }`;
  } catch {
    return "Bailiwick { freed }";
  }
}

const define = (name, value) => Object.defineProperty(Bailiwick.prototype, name, { value, configurable: true, writable: true });
define("isAllowed", isAllowed);
define("checkAccess", checkAccess);
define("checkMany", checkMany);
define("free", free);
define("toJSON", toJSON);
define(Symbol.for("nodejs.util.inspect.custom"), inspect);
if (Symbol.dispose) define(Symbol.dispose, free);

for (const name of Object.getOwnPropertyNames(Bailiwick.prototype)) {
  const get = () => {
    throw new Error("this engine has been freed");
  };
  if (name !== "constructor" && name !== "free") Object.defineProperty(freed, name, { get });
}

export { authzenMetadata, Bailiwick, findFaults, newApiKey, publicKeyOf };
export { BailiwickError, isBailiwickError } from "./error.js";
export { version } from "./version.js";
