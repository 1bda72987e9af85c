// What needs nothing beside the language: loading, asking, changing, and what is thrown.
import { Bailiwick, BailiwickError, isBailiwickError, newApiKey, version } from "bailiwick";
import type { AccessRequest, Change, Decision, DirectoryDocument, ErrorCode, Page, PolicyDocument, Reason } from "bailiwick";

// Rows of a database: what is not known is undefined or null there.
interface Row {
  id: string;
  email?: string | undefined;
  home: string | null | undefined;
}

export function load(rows: readonly Row[], policy: PolicyDocument | undefined): Bailiwick {
  const document: DirectoryDocument = {
    format: "bailiwick/1",
    policy,
    users: rows.map(({ id, email, home }) => ({ id, email, organization: home })),
    organizations: [],
  };
  return Bailiwick.fromDirectory(document, { policy: undefined });
}

export function invite(guard: Bailiwick, user: string, email?: string): number | ErrorCode {
  const change: Change = { type: "add_member", organization: "org_a", user, email };
  try {
    return guard.apply(change, { actor: "user:usr_ada", at: new Date(), expectedRevision: guard.revision });
  } catch (error) {
    if (!isBailiwickError(error)) throw error;
    const where: string = error.path;
    const why: Reason | undefined = error.decision?.reason;
    return error instanceof BailiwickError && where === "/user" && why === undefined ? error.code : "forbidden";
  }
}

// What a compiler knows to be all that there is.
export function explain({ reason, caveats }: Decision): string {
  switch (reason) {
    case "key_revoked":
    case "key_expired":
      return "make a new key";
    default:
      return caveats.includes("usage_may_leave_organization") ? `${reason}, with care` : reason;
  }
}

export function all(ask: (cursor: string | null) => Page): string[] {
  const items: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Page = ask(cursor);
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return items;
}

const guard = load([], undefined);
const request = { principal: "user:a", action: "file.read", resource: { type: "project", id: "p" } } as const satisfies AccessRequest;
export const answers: boolean[] = [
  guard.isAllowed(request),
  guard.isAllowed(request.principal, request.action, request.resource, Date.now()),
  ...guard.checkMany([request]).map(({ allowed }) => allowed),
];
export const texts: string[] = [...all((cursor) => guard.listProjects({ principal: "user:a", limit: 10, cursor })), newApiKey().secret, version];

// Engines can be freed by hand, whether or not there is `using`.
guard[Symbol.dispose]();
guard.free();
