import type { ErrorCode } from "./codes.js";
import type { Decision } from "./types.js";

/** Bad input. A denial is a decision, never an error. */
export class BailiwickError extends Error {
  /** @internal Errors come from the engine. */
  constructor(code: ErrorCode, path: string, message: string, decision?: Decision);
  /** What it is. */
  readonly name: "BailiwickError";
  /** What is wrong. */
  readonly code: ErrorCode;
  /** Where: a JSON pointer into the document or request; empty for the whole of it. */
  readonly path: string;
  /** Why the actor may not make a change, if that is what is wrong (`forbidden`). */
  readonly decision?: Decision;
}

/** Whether this is a `BailiwickError`, be it of another copy of the package, or of another realm. */
export function isBailiwickError(value: unknown): value is BailiwickError;
