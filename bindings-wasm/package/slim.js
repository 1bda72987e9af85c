// For hosts that find the module their own way. Nothing is loaded until `initSync` is called.
import { initSync as start } from "./bailiwick.js";

export function initSync(options) {
  start(options);
}

export * from "./engine.js";
