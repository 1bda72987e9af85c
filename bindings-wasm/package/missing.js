// The error of an entry point whose module is not there. A bundler that copies code alone reports nothing when it builds.
export const missing = (cause) =>
  new Error("bailiwick_bg.wasm cannot be loaded from beside the code, as when a bundler does not copy it: import `bailiwick/inline` instead", { cause });
