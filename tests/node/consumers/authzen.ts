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

export default { fetch: (request: Request): Promise<Response> => handler(request) };
