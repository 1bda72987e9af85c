// For Node and Deno: the module is a file beside this one.
import { initSync } from "./bailiwick.js";
import { bytesIn } from "./file.js";

initSync({ module: bytesIn(new URL("./bailiwick_bg.wasm", import.meta.url)) });

export * from "./engine.js";
