// For Bun: its bundler and its compiler take along a file that is imported as one. In a bundle the path is relative to the code.
import { resolve } from "node:path";
import path from "./bailiwick_bg.wasm" with { type: "file" };
import { initSync } from "./bailiwick.js";
import { bytesIn } from "./file.js";

initSync({ module: bytesIn(resolve(import.meta.dirname, path)) });

export * from "./engine.js";
