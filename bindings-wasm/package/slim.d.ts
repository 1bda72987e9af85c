export * from "./index.js";

/**
 * Makes the package ready. Call it once, before anything else of it; later calls do nothing.
 *
 * @param options `module`: the `WebAssembly.Module` of `bailiwick/bailiwick.wasm`, or its bytes
 */
export function initSync(options: { readonly module: object }): void;
