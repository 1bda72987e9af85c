// For workerd (Cloudflare Workers), which compiles no bytes: there a module is imported.
import module from "./bailiwick_bg.wasm";
import { initSync } from "./bailiwick.js";

initSync({ module });

export * from "./engine.js";
