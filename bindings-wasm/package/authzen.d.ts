import type { Follower } from "./follow.js";
import type { Bailiwick, Caveat, ErrorCode, Reason } from "./index.js";

/** A decision for a log: plain data, and nothing else of the request. */
export interface DecisionEntry {
  /** The principal of the request, as a reference; null if it is malformed. Text of more than 600 characters is cut. */
  principal: string | null;
  /** The action of the request. */
  action: string | null;
  /** The resource of the request, as a reference. */
  resource: string | null;
  /** The decision. The reason is an error code if one evaluation of several is malformed. */
  decision: {
    /** Whether it is allowed. */
    allowed: boolean;
    /** The reason, whether or not the caller gets it. */
    reason: Reason | ErrorCode;
    /** Warnings about an allowed action. */
    caveats: Caveat[];
  };
  /** The revision of the directory that answered. */
  revision: number;
  /** The instant of the decision (RFC 3339): the host's clock, or a trusted `context.time`. */
  at: string;
}

/** Options of `createAuthzenHandler`. */
export interface AuthzenHandlerOptions {
  /**
   * The public address of the decision point: `https://` and a host, optionally with a path; the endpoints are below it.
   * If left out, it is the host that each request names.
   */
  readonly baseUrl?: string | undefined;
  /** Whether decisions contain the reason: `context: { reason, caveats }`. Off by default, because a reason can tell a stranger what exists. */
  readonly reasons?: boolean | undefined;
  /** Whether a request's `context.time` sets the time. Off by default, because a caller who sets the time can revive an expired key. */
  readonly trustContextTime?: boolean | undefined;
  /**
   * Whether a caller may ask. Only exactly `true`, or a promise of it, admits the caller. A `Response` is sent instead of an answer. Everything
   * else is a 401, even a truthy value. To read the body, use `request.clone()`. The metadata needs no authentication.
   * If left out, everybody who reaches the handler may ask. If it is present but null or undefined, or is inherited, that is an error.
   */
  readonly authenticate?: (request: Request) => boolean | Response | PromiseLike<boolean | Response>;
  /**
   * Receives each decision before the answer is sent: one for each evaluation, none for a search. The answer does not wait for a promise that it returns.
   * If it throws, the error goes to `console.error`, and the answer is the same.
   */
  readonly onDecision?: ((entry: DecisionEntry) => unknown) | undefined;
}

/**
 * Makes a decision point of the OpenID AuthZEN Authorization API 1.0, for any host with `fetch`-style handlers: `POST /access/v1/evaluation`, `/evaluations`,
 * `/search/subject`, `/search/resource`, `/search/action`, and `GET` or `HEAD /.well-known/authzen-configuration`.
 *
 * Decisions, denials included, have the status 200. A malformed request gets a 400, and a body over 1 MiB a 413, each with a sentence as text. Responses
 * repeat the request's `X-Request-ID`. The returned function never rejects: an error in it is a 500, and goes to `console.error`.
 *
 * @param guard the engine, or a function that returns the current engine, or a follower of a feed: a 503 with `Retry-After` until there is one. In a
 *   worker the follower needs the `context`: use the returned function as `fetch`, or pass all that `fetch` is given
 * @throws BailiwickError `wrong_type`, `unknown_field`: an option is not valid
 */
export function createAuthzenHandler(
  guard: Bailiwick | (() => Bailiwick | undefined) | Pick<Follower, "current">,
  options?: AuthzenHandlerOptions,
): (request: Request, environment?: unknown, context?: unknown) => Promise<Response>;
