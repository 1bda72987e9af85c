// For hosts that load the module themselves. Nothing is loaded until `initSync` is called.
import { initSync as start } from "./bailiwick.js";

export function initSync(options) {
  // In an object of this realm.
  start({ module: options?.module });
}

export * from "./engine.js";
