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

// What is disposed of twice, be it by hand and by a `using`, is disposed of.
const { free: freeOnce } = Bailiwick.prototype;
function free() {
  if (this.__wbg_ptr !== 0) freeOnce.call(this);
}

const define = (name, value) => Object.defineProperty(Bailiwick.prototype, name, { value, configurable: true, writable: true });
define("isAllowed", isAllowed);
define("free", free);
if (Symbol.dispose) define(Symbol.dispose, free);

export { authzenMetadata, Bailiwick, newApiKey, publicKeyOf };
export { BailiwickError, isBailiwickError } from "./error.js";
export { version } from "./version.js";
