// For Node: the module is a file beside this one.
import { readFileSync } from "node:fs";
import { initSync } from "./bailiwick.js";

initSync({ module: readFileSync(new URL("./bailiwick_bg.wasm", import.meta.url)) });

export * from "./engine.js";
