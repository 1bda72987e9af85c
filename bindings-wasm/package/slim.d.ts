export * from "./index.js";

/** The argument of `initSync`. */
export interface InitOptions {
  /** The `WebAssembly.Module` of `bailiwick/bailiwick.wasm`, or its bytes. It may come from another realm. */
  readonly module: object;
}

/**
 * Loads the module. Call it once, before you use anything else of the package; later calls do nothing.
 */
export function initSync(options: InitOptions): void;
