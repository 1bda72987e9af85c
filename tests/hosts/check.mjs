// The check of every host. It runs inside the host, so it uses nothing of Node.
import bundle from "../bundled.mjs"; // projects.mjs writes it: what tests/suite/bundle.mjs reads, and the version of the tarball
import { runSuite } from "../suite/cases.mjs";
import { smoke } from "./smoke.mjs";

// `bailiwick` is the exports of an entry.
export async function check(bailiwick) {
  const { lines, ...cases } = runSuite(bundle, bailiwick);
  return {
    lines,
    parts: {
      cases,
      checks: await smoke(bailiwick, bundle),
    },
  };
}
