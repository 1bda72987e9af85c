// Answers that no engine gives, and that no type of an answer may let pass: a member too few or too many, one of another type, null where there is
// never null, or a word unheard of.
import { literal } from "./literals.mjs";
import { at, kindOf, places, replaced, without } from "./places.mjs";

const WORDS = /(^|\/)(reason|certainty|code|caveats\/\*|remedies\/\*|rule|remedy|finding|severity|source)$/;
// What can be null, and is not in the cases: an organization without an id that is left out; a remedy that cannot be applied; what nothing is known of;
// the only administrator, where even they are suspended; the rule of usage that cannot be booked.
const MAYBE_NULL =
  /^(quarantined\/\*\/organization|remedies\/\*\/(organization|project)|attribution\/organization|bookings\/\*\/(before\/organization|member|external|key|key_of_external)|\*\/on)$/;
// A document that is answered is of the type that is taken, too, with all that may be left out or be null there. So are the entries of a preview, and
// changes.
const DOCUMENTS = new Set(["to_directory", "policy_document", "built_in_policy"]);
const INSIDE = { preview: /^rows\/\*\/(before|after)/, explain: /^would_allow\/\*\/change/, findings: /^\*\/fix\/\*/ };
const WHOLE = /(^rows\/\*\/(before|after)|\/change)$/;
const isDocument = ({ name }, kind) => DOCUMENTS.has(name) || INSIDE[name]?.test(kind) === true;
// A fact has the ids that there are.
const isId = (kind) => /^facts\/\*\/(?!fact$|present$)/.test(kind);
const isOptional = (one, kind) => (isDocument(one, kind) && !WHOLE.test(kind)) || isId(kind) || kind === "decision" || kind === "quarantined";

export function* spoilt(answers) {
  const kinds = new Map();
  for (const one of answers.flatMap(rowByRow)) {
    for (const way of places(one.answer)) {
      const kind = `${one.name}${one.answer[0]?.certainty === null ? ", refused" : ""}: ${kindOf(way)}`;
      const { length } = literal(one.answer);
      const known = kinds.get(kind) ?? { length: Infinity, isNullable: isDocument(one, kindOf(way)) || MAYBE_NULL.test(kindOf(way)) };
      known.isNullable ||= at(one.answer, way) === null;
      kinds.set(kind, length < known.length ? { ...known, one, way, length } : known);
    }
  }
  for (const [kind, { one, way, isNullable }] of kinds) {
    const bad = (what, answer) => spoil(`${kind}: ${what}`, one.name, answer);
    yield bad("of another type", replaced(one.answer, way, 7n));
    if (!isNullable) yield bad("null", replaced(one.answer, way, null));
    if (WORDS.test(kindOf(way))) yield bad("unheard of", replaced(one.answer, way, "because"));
    if (Array.isArray(at(one.answer, way.slice(0, -1)))) continue;
    if (!isOptional(one, kindOf(way))) yield bad("left out", without(one.answer, way));
    yield bad("one beside it", replaced(one.answer, [...way.slice(0, -1), "beside"], 7));
  }
}

function spoil(note, name, answer) {
  return { note, kind: "spoilt", text: `(${literal(answer)}) satisfies Answer["${name}"]`, refused: true };
}

// The rows of a batch differ: some are refused.
function rowByRow({ name, answer }) {
  return Array.isArray(answer) ? answer.map((row) => ({ name, answer: [row] })) : [{ name, answer }];
}
