// What the suite passes nowhere: every member of its calls, with a value of each sort in its place. Here the engine is asked which it takes.
import { made, written } from "./calls.mjs";
import { at, kindOf, places, replaced, without } from "./places.mjs";
import { verdict } from "./verdicts.mjs";

const SORTS = [undefined, null, true, 7, "x", [], {}, new Date(0), new Uint8Array(32), new ArrayBuffer(32)];

// How far a call's first argument is gone into.
function deepest({ method, values: [first] }) {
  if (method === "withPolicy" || method === "analysePolicy") return 1;
  if (method === "applyMany" || method === "reconcile" || (method === "preview" && Array.isArray(first))) return 2;
  return method === "apply" || method === "preview" ? 3 : Infinity;
}

/** The neighbours of the shortest of the calls that have a member. */
export function* neighbours(calls) {
  const shortest = new Map();
  for (const call of calls) {
    // A batch of usages throws nothing; they are usages like others.
    if (call.method === "attributeMany") continue;
    const { length } = written(call);
    for (const way of places(call.values)) {
      // A request of AuthZEN may have any members.
      if (call.method === "authzen" && Number(way[0]) === call.into && way.length > 1) continue;
      // A list of changes has changes like others in it; entries, documents and policies are those of `fromDirectory`.
      if (way[0] === "0" && way.length > deepest(call)) continue;
      // Each type of change has members of its own. Options as a whole are not a member.
      const kind = [call.method, call.values[0]?.type, kindOf(way)].filter(Boolean).join(" ");
      if (way.length === 1 && Number(way[0]) === call.options) continue;
      if (!(shortest.get(kind)?.length <= length)) shortest.set(kind, { call, way, length });
    }
  }
  for (const [kind, { call, way }] of shortest) {
    const { values } = call;
    const isMember = way.length > 1 && !Array.isArray(at(values, way.slice(0, -1)));
    if (isMember) yield asked(`${kind}: left out`, { ...call, values: without(values, way) });
    for (const sort of SORTS) {
      const name = sort instanceof Object ? sort.constructor.name : JSON.stringify(sort);
      yield asked(`${kind}: ${name}`, { ...call, values: replaced(values, way, sort) });
    }
    if (isMember) yield asked(`${kind}: one beside it`, { ...call, values: replaced(values, [...way.slice(0, -1), "beside"], 7) });
  }
}

function asked(note, call) {
  return { note, kind: "neighbours", text: written(call), ...verdict(call, made(call)) };
}
