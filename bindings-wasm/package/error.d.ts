import type { ErrorCode } from "./codes.js";
import type { Decision } from "./types.js";

/** An error for bad input. A denial is a decision, never an error. */
export class BailiwickError extends Error {
  /** @internal Only the engine makes errors. */
  constructor(code: ErrorCode, path: string, message: string, decision?: Decision);
  /** The name of the class. */
  readonly name: "BailiwickError";
  /** The error code. */
  readonly code: ErrorCode;
  /** The place of the fault: a JSON pointer into the document or request; empty for the whole input. */
  readonly path: string;
  /** With the code `forbidden`: the decision that denied the change. */
  readonly decision?: Decision;
}

/** Whether a value is a `BailiwickError`, also one of another copy of the package or of another realm. */
export function isBailiwickError(value: unknown): value is BailiwickError;
