// For browsers, their bundlers, and every host without an entry of its own: fetches the module, which lies beside this file.
import init from "./bailiwick.js";
import { missing } from "./missing.js";

try {
  await init({ module_or_path: new URL("./bailiwick_bg.wasm", import.meta.url) });
} catch (cause) {
  throw missing(cause);
}

export * from "./engine.js";
