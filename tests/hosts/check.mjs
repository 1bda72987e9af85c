// What every host is asked. It runs inside the host: nothing of Node here.
import bundle from "../bundled.mjs"; // projects.mjs writes it: what tests/suite/bundle.mjs reads, and the version of the tarball
import { runSuite } from "../suite/cases.mjs";
import { smoke } from "./smoke.mjs";

// `bailiwick` is what an entry has of the package.
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
