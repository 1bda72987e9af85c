// Writes the snapshot that the examples of docs/javascript.md read.
import { writeFileSync } from "node:fs";

import { Bailiwick } from "bailiwick";

const directory = {
  format: "bailiwick/1",
  organizations: [{
    id: "org_acme", owner: "usr_ada",
    members: [{ user: "usr_ada", role: "admin" }, { user: "usr_bob", role: "member" }],
    projects: [{ id: "prj_default", default: true }, { id: "prj_a", collaborators: [{ user: "usr_bob", role: "member" }] }],
  }],
};
writeFileSync("directory.snapshot", Bailiwick.fromDirectory(directory).toSnapshot());
