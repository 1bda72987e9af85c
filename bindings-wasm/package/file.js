// The bytes of the module, where it is a file.
import { readFileSync } from "node:fs";
import { missing } from "./missing.js";

export function bytesIn(file) {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw missing(cause);
  }
}
