export { authzenMetadata, Bailiwick, findFaults, newApiKey, publicKeyOf } from "./bailiwick.js";
export { BailiwickError, isBailiwickError } from "./error.js";
export type * from "./codes.js";
export type * from "./types.js";

/** The version of this package. */
export const version: string;
