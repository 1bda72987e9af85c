// Documents that are imported from JSON, whose words TypeScript knows as text; and documents that are written here, whose words it holds to the format.
import { Bailiwick, type DirectoryDocument } from "bailiwick";

import directory from "./directory.json" with { type: "json" };
import policy from "../../../core/policies/projects-2026-02.json" with { type: "json" };
import newer from "../../../core/policies/projects-2026-09.json" with { type: "json" };

export const guards: Bailiwick[] = [
  Bailiwick.fromDirectory(directory),
  Bailiwick.fromDirectory(directory, { policy }),
  Bailiwick.fromDirectory(directory, { policy: "projects-2026-02" }),
  Bailiwick.fromDirectory({ format: "bailiwick/1", organizations: [] }, { policy }),
  Bailiwick.fromDirectory({ format: "bailiwick/1", organizations: [] }, { policy: newer }),
  Bailiwick.fromDirectory({ ...directory, revision: 8 }),
  Bailiwick.fromDirectory(JSON.stringify(directory)),
];

const { organizations, ...rest } = directory;
// @ts-expect-error there have to be organizations
Bailiwick.fromDirectory(rest);
// @ts-expect-error they are a list
Bailiwick.fromDirectory({ ...rest, organizations: organizations[0] });
// @ts-expect-error a directory is no policy
Bailiwick.fromDirectory(directory, { policy: directory });
// @ts-expect-error nor is a policy a directory
Bailiwick.fromDirectory(policy);
// @ts-expect-error what is written here is held to the words that there are
Bailiwick.fromDirectory({ format: "bailiwick/2", organizations: [] });
// @ts-expect-error at every depth
Bailiwick.fromDirectory({ format: "bailiwick/1", organizations: [{ id: "o", owner: "u", membership: "letter", members: [], projects: [] }] });
// @ts-expect-error and to the fields
Bailiwick.fromDirectory({ format: "bailiwick/1", organizations: [], organisations: [] });
// @ts-expect-error of a type that is named, too
export const named: DirectoryDocument = { format: "bailiwick/1", organizations: [{ id: "o", owner: "u", membership: "letter", members: [], projects: [] }] };
