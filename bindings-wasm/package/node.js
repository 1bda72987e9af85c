// For Node: the module is a file beside this one.
import { readFileSync } from "node:fs";
import { initSync } from "./bailiwick.js";
import { missing } from "./missing.js";

let module;
try {
  module = readFileSync(new URL("./bailiwick_bg.wasm", import.meta.url));
} catch (cause) {
  throw missing(cause);
}
initSync({ module });

export * from "./engine.js";
