// The handler for hosts that speak fetch, whose types come with them.
import { Bailiwick } from "bailiwick";
import { createAuthzenHandler, type AuthzenHandlerOptions } from "bailiwick/authzen";

const secret: string | undefined = undefined;
const options: AuthzenHandlerOptions = {
  baseUrl: undefined,
  reasons: true,
  trustContextTime: undefined,
  authenticate: async (request) => request.headers.get("authorization") === secret || new Response("who are you?", { status: 401 }),
};
const handler = createAuthzenHandler(Bailiwick.fromSnapshot(new Uint8Array(8)), options);

// @ts-expect-error a status is no verdict
export const status: AuthzenHandlerOptions = { authenticate: () => 401 };
// @ts-expect-error nor is whoever was found
export const person: AuthzenHandlerOptions = { authenticate: async () => ({ id: "usr_ada" }) };
// @ts-expect-error null is no hook
export const none: AuthzenHandlerOptions = { authenticate: null };

export default { fetch: (request: Request): Promise<Response> => handler(request) };
export const logging: AuthzenHandlerOptions = { onDecision: ({ principal, decision }) => console.log(principal, decision.allowed satisfies boolean) };
declare const console: { log(...values: unknown[]): void };
