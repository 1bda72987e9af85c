// The same types as the package: an engine of one entry is one of the other.
import type { Bailiwick as OfTheIndex, Decision } from "bailiwick";
import { Bailiwick, BailiwickError, isBailiwickError, version } from "bailiwick/inline";

const guard: OfTheIndex = Bailiwick.fromDirectory({ format: "bailiwick/1", organizations: [] });
export const decision: Decision = guard.checkAccess({ principal: "user:a", action: "file.read", resource: "project:p" });
export const words = [version, BailiwickError.name, String(isBailiwickError(decision))];

// @ts-expect-error there is no such member
guard.checkAccess({ principal: "user:a", action: "file.read", resource: "project:p", projekt: "p" });
