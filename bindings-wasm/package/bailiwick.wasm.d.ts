/** The module, for hosts that import WebAssembly as a `WebAssembly.Module`. */
declare const module: object;
export default module;
