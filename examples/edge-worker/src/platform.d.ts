// What the worker is given by its platform.

/** A KV namespace, as far as it is used. */
export interface Store {
  get(key: string, options: { type: "arrayBuffer" }): Promise<ArrayBuffer | null>;
}

export interface Service {
  fetch(request: Request): Promise<Response>;
}

export interface Context {
  waitUntil(promise: Promise<unknown>): void;
}

/** The bindings and variables of `wrangler.jsonc`. */
export interface Env {
  readonly DIRECTORY: Store;
  /** What stands behind the worker; without it, something that pretends to. */
  readonly UPSTREAM?: Service;
  /** 32 bytes, in hexadecimal digits or base64. */
  readonly PUBLIC_KEY?: string;
  /** How often to look for deltas at the most; 5 where it is left out. */
  readonly FOLLOW_SECONDS?: string;
  /** A secret: who has it may ask the decision point. Without it, nobody may. */
  readonly AUTHZEN_TOKEN?: string;
  /** The address that the metadata gives, without a path; the host of each request where it is left out. */
  readonly AUTHZEN_URL?: string;
}
