// For workerd (Cloudflare Workers), which does not compile bytes: the module is imported.
import module from "./bailiwick_bg.wasm";
import { initSync } from "./bailiwick.js";

initSync({ module });

export * from "./engine.js";
