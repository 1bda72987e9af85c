// What every entry point exports, apart from how it finds the module.
import { authzenMetadata, Bailiwick, newApiKey, publicKeyOf, scratch } from "./bailiwick.js";

let bytes = new Uint8Array(0);

// Writes a string of ASCII and returns where it ends. Any other string ends beyond the scratch, which then refuses it.
function write(text, start) {
  const { length } = text;
  if (start + length > bytes.length) return Infinity;
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) return Infinity;
    bytes[start + index] = unit;
  }
  return start + length;
}

function isAllowed(principal, action, resource, at) {
  if (typeof principal === "string" && typeof action === "string" && typeof resource === "string" && (at === undefined || typeof at === "number")) {
    // The view is void after the memory has grown.
    if (bytes.length === 0) bytes = scratch();
    const principalEnd = write(principal, 0);
    const actionEnd = write(action, principalEnd);
    const resourceEnd = write(resource, actionEnd);
    if (resourceEnd !== Infinity) {
      const answer = this.isAllowedScratch(principalEnd, actionEnd, resourceEnd, at === undefined ? Date.now() : at);
      if (answer < 2) return answer === 1;
    }
  }
  const isRequest = action === undefined && resource === undefined && at === undefined && typeof principal === "object";
  return this.isAllowedRequest(isRequest ? principal : { principal, action, resource, at });
}

// What an engine that was freed is. Once it is, freeing it again, be it by hand or by a `using`, does nothing.
const freed = Object.create(Bailiwick.prototype);
const { free: release } = Bailiwick.prototype;
function free() {
  if (Object.getPrototypeOf(this) === freed) return;
  try {
    release.call(this);
  } finally {
    // In the middle of its own call it cannot be taken away; then it is lost all the same.
    Object.setPrototypeOf(this, freed);
  }
}

const define = (name, value) => Object.defineProperty(Bailiwick.prototype, name, { value, configurable: true, writable: true });
define("isAllowed", isAllowed);
define("free", free);
if (Symbol.dispose) define(Symbol.dispose, free);

for (const name of Object.getOwnPropertyNames(Bailiwick.prototype)) {
  const get = () => {
    throw new Error("this engine has been freed");
  };
  if (name !== "constructor" && name !== "free") Object.defineProperty(freed, name, { get });
}

export { authzenMetadata, Bailiwick, newApiKey, publicKeyOf };
export { BailiwickError, isBailiwickError } from "./error.js";
export { version } from "./version.js";
