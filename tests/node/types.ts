// The published types: what must compile, and what must not.
import { Bailiwick, BailiwickError, isBailiwickError, version } from "bailiwick";

const guard: Bailiwick = Bailiwick.fromDirectory('{"format":"bailiwick/1","organizations":[]}', { policy: "projects-2026-02" });
const decision = guard.checkAccess({ principal: "user:a", action: "file.read", resource: { type: "project", id: "p" }, at: new Date(0), min_revision: 1 });
const allowed: boolean = decision.allowed;
const role: string | null = decision.role;
if (decision.reason === "project_role" && decision.caveats.includes("not_project_aware")) console.log(allowed, role);
const one: boolean = guard.isAllowed("user:a", "file.read", "project:p", 0);
const same: boolean = guard.isAllowed({ principal: "user:a", action: "file.read", resource: "project:p" });
const rows = guard.attributeMany([{ principal: "user:a", kind: "file", project: "p", surface: "api" }]);
const count: number = rows.unattributed;
const certainty: "certain" | "possible" | null = rows[0]?.certainty ?? null;
const issuedAt: string | null = guard.issuedAt;
const revision: number = guard.revision;
const text: string = version + guard.policy;
try {
  Bailiwick.fromDirectory(guard.toDirectory());
} catch (error) {
  if (isBailiwickError(error) && error.code === "duplicate_id") console.log(error.path satisfies string | null);
  if (error instanceof BailiwickError) console.log(error.code, one, same, count, certainty, issuedAt, revision, text);
}

// @ts-expect-error a request needs a resource
guard.checkAccess({ principal: "user:a", action: "file.read" });
// @ts-expect-error there is no such field
guard.checkAccess({ principal: "user:a", action: "file.read", resource: "project:p", resuorce: "x" });
// @ts-expect-error a surface is text
guard.attribute({ principal: "user:a", kind: "file", surface: 5 });
// @ts-expect-error a reason is one of the core's words
if (decision.reason === "because") console.log();
// @ts-expect-error an error code is one of the core's words
if (new BailiwickError("no_such_code", "", "") !== undefined) console.log();

declare const console: { log(...values: unknown[]): void };
