export * from "./index.js";

/** What `initSync` takes. */
export interface InitOptions {
  /** The `WebAssembly.Module` of `bailiwick/bailiwick.wasm`, or its bytes; of any realm. */
  readonly module: object;
}

/**
 * Makes the package ready. Call it once, before anything else of it; later calls do nothing.
 */
export function initSync(options: InitOptions): void;
