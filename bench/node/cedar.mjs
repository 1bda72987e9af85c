// Cedar in WebAssembly: its policies are parsed once and kept; the entities that matter for a request are handed over with it.
import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";

import cedarWasm from "@cedar-policy/cedar-wasm/nodejs";

import { oneByOne, read } from "./data.mjs";

// Node.js 20 stops ("unreachable code") where code that was optimized with this is given up in the middle of a call of this module. The flag
// holds for the whole process, so that this engine is measured in one of its own (`apart`).
setFlagsFromString("--no-turbo-inline-js-wasm-calls");

const key = ({ type, id }) => `${type}:${id}`;
const uid = (reference) => ({ type: reference.slice(0, reference.indexOf(":")), id: reference.slice(reference.indexOf(":") + 1) });

export function cedar(folder) {
  const staticPolicies = readFileSync(new URL("../rules/cedar.cedar", import.meta.url), "utf8");
  const parsed = cedarWasm.preparsePolicySet("bench", { staticPolicies });
  if (parsed.type !== "success") throw new Error(JSON.stringify(parsed));
  const entities = new Map(read(folder, "cedar.json").map((entity) => [key(entity.uid), entity]));

  /** Who asks, for what, and their groups in the scope at hand, as one would look them up. */
  function call({ principal, action, resource, scope }) {
    const actionUid = { type: "Action", id: action };
    const who = entities.get(principal);
    const needed = [entities.get(`Action:${action}`), entities.get(resource)];
    if (scope !== resource) needed.push(entities.get(scope));
    if (who) {
      const parents = [];
      for (const group of who.parents) if (group.id.startsWith(`${scope}/`)) parents.push(group);
      for (const group of parents) needed.push(entities.get(key(group)));
      needed.push({ ...who, parents });
    }
    return { principal: uid(principal), action: actionUid, resource: uid(resource), context: {}, preparsedPolicySetId: "bench", entities: needed };
  }

  return (questions) => [
    oneByOne("statefulIsAuthorized", questions.map(call), (request) => cedarWasm.statefulIsAuthorized(request).response.decision === "allow", {
      expected: questions.map(({ allowed }) => allowed),
    }),
  ];
}
