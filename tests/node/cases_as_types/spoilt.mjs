// Answers that no engine gives, and that no type of an answer may let pass: a member too few or too many, one of another type, null where there is
// never null, or a word unheard of.
import { literal } from "./literals.mjs";
import { at, kindOf, places, replaced, without } from "./places.mjs";

const WORDS = /(^|\/)(reason|certainty|code|caveats\/\*|remedies\/\*)$/;
// An organization without an id can be left out.
const MAYBE_NULL = /^quarantined\/\*\/organization$/;
// A document that is answered is of the type that is taken, too, with all that may be left out or be null there. So are the entries of a preview.
const isDocument = ({ name }, kind) => name === "to_directory" || (name === "preview" && /^rows\/\*\/(before|after)/.test(kind));
const isOptional = (one, kind) => (isDocument(one, kind) && !/^rows\/\*\/(before|after)$/.test(kind)) || kind === "decision" || kind === "quarantined";

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
