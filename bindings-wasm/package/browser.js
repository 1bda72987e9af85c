// For browsers, bundlers for them, and every host that no other entry is for: the module is fetched from beside the glue.
import init from "./bailiwick.js";

await init({ module_or_path: new URL("./bailiwick_bg.wasm", import.meta.url) });

export * from "./engine.js";
