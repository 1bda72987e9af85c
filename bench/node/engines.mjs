// The engines that are measured. To add one, write it a file and name it here.
//
// Such a file exports a function: it loads a folder's data, and answers a function from questions to the ways to ask them. A way has its
// `operation`, the `length` of what it asks, `run(from, to, answers)`, and if needed `batch` (how many it takes at a time) and `expected: false`
// (where nobody but the engine knows the answer). An engine that must not share a process is measured `apart`.
import { createRequire } from "node:module";

const version = (name) => createRequire(import.meta.url)(`./node_modules/${name}/package.json`).version;

const ROWS = "rows with an effect are its data, worked out beforehand";

export const engines = [
  { engine: "baseline", notes: "lookups only: no reasons, attribution, changes, listings, clock or input checks", imported: async () => (await import("./baseline.mjs")).baseline },
  { engine: "bailiwick", notes: "from strings or objects, as a caller has them; carries out all rules, with reasons, caveats and attribution", imported: async () => (await import("./bailiwick.mjs")).bailiwick },
  { engine: "casl", package: "@casl/ability", notes: `${ROWS}; an ability is made when somebody is first asked about, and kept; the caller has to have the resource itself; no attribution, listings of people or staleness`, imported: async () => (await import("./casl.mjs")).casl },
  { engine: "cedar-wasm", package: "@cedar-policy/cedar-wasm", apart: true, notes: `${ROWS}; keeps its policies, but takes the entities along with each request: only those that matter, picked beforehand; names the policy that decided, no attribution, listings or staleness`, imported: async () => (await import("./cedar.mjs")).cedar },
  { engine: "casbin", package: "casbin", notes: `${ROWS}; the caller has to know the scope of a resource; no reasons, attribution or staleness`, imported: async () => (await import("./casbin.mjs")).plain },
  { engine: "casbin cached", package: "casbin", notes: "the same with its cache of decisions, which knows every request of both sets and which an answer that changes has to be driven out of", imported: async () => (await import("./casbin.mjs")).cached },
].map((engine) => ({ version: engine.package && version(engine.package), ...engine }));
