import type { Bailiwick, Caveat, ErrorCode, Reason } from "./index.js";

/** A decision for a log: plain, and with nothing else of the request in it. */
export interface DecisionEntry {
  /** Who asked, as a reference as it was asked; null where there is none. A text of more than 600 characters is cut. */
  principal: string | null;
  /** The action, as it was asked. */
  action: string | null;
  /** The resource, as a reference as it was asked. */
  resource: string | null;
  /** What was decided. The reason is an error code where one evaluation of several is malformed. */
  decision: {
    /** Whether it is allowed. */
    allowed: boolean;
    /** Why, whether or not callers are told. */
    reason: Reason | ErrorCode;
    /** What to know about what is allowed. */
    caveats: Caveat[];
  };
  /** The revision of the directory that answered. */
  revision: number;
  /** By which instant (RFC 3339): the host's clock, or the `context.time` that was trusted. */
  at: string;
}

/** Options of `createAuthzenHandler`. */
export interface AuthzenHandlerOptions {
  /**
   * The address that callers know the decision point by: `https://` and a host, perhaps with a path, below which the endpoints then are.
   * Where it is left out, it is the host that each request names.
   */
  readonly baseUrl?: string | undefined;
  /** Whether decisions say why: `context: { reason, caveats }`. Off by default, since a reason can tell a stranger what exists. */
  readonly reasons?: boolean | undefined;
  /** Whether a request's `context.time` is when. Off by default: a caller who sets the clock can revive an expired key. */
  readonly trustContextTime?: boolean | undefined;
  /**
   * Whether a caller may ask: `true` and nothing else lets it, now or as what a promise gives. A `Response` is sent instead of an answer. Everything
   * else is a 401, however true it is. Whoever wants to read the body takes a `request.clone()`. The metadata is for everybody.
   * Where it is left out, everybody who reaches the handler may ask. Once named, it has to be there: null, undefined and what is inherited are refused.
   */
  readonly authenticate?: (request: Request) => boolean | Response | PromiseLike<boolean | Response>;
  /**
   * Told each decision, before the answer is sent: one for each evaluation, and none for a search. The answer does not wait for what it returns, and is the
   * same if it throws: `console.error` is told then.
   */
  readonly onDecision?: ((entry: DecisionEntry) => unknown) | undefined;
}

/**
 * An OpenID AuthZEN Authorization API 1.0 decision point for any host that speaks fetch: `POST /access/v1/evaluation`, `/evaluations`,
 * `/search/subject`, `/search/resource`, `/search/action`, and `GET` or `HEAD /.well-known/authzen-configuration`.
 *
 * Decisions, denials too, are 200. What the standard calls malformed is 400, a body over 1 MiB 413, each with a sentence as text. Responses carry the
 * request's `X-Request-ID`. The returned function never rejects: what goes wrong in it is a 500, and told to `console.error`.
 *
 * @param guard the engine or, where another one may take its place, a function that gives the present one
 * @throws BailiwickError `wrong_type` and `unknown_field` for options
 */
export function createAuthzenHandler(guard: Bailiwick | (() => Bailiwick), options?: AuthzenHandlerOptions): (request: Request) => Promise<Response>;
