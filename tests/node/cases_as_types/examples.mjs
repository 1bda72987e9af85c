// The cases of a file as lines of TypeScript: what was asked, and what was answered.
import { loading, question, step, written } from "./calls.mjs";
import { has } from "./documents.mjs";
import { literal } from "./literals.mjs";
import { verdict } from "./verdicts.mjs";

// Their outcome is null or bytes, or JSON as text, or they do not call the package.
const SILENT = new Set(["to_snapshot", "to_delta", "authzen", "authzen_metadata", "edit", "same"]);
const CHANGES = new Set(["apply", "apply_many", "preview"]);
// The fields of answers that a step need not show: those of a preview.
const NOT_SHOWN = { revision: 0, gained: [], lost: [], projects_lost: [], live_api_keys: [], booked_elsewhere: [], rows: [] };

export function* examples(file) {
  const isRequest = (one) => one !== null && typeof one === "object" && !Array.isArray(one);
  const dated = (one) => (has(file, "at") && isRequest(one) && !has(one, "at") ? { ...one, at: file.at } : one);
  const withAt = (one) => (Array.isArray(one) ? one.map(dated) : dated(one));
  const merged = (one) => (has(file, "answer") && one !== null && typeof one === "object" ? { ...file.answer, ...one } : one);

  for (const { note, call, input, answer, error, ...own } of file.cases) {
    if (call === "load" || call === "to_directory") {
      yield* both(note, call, loading(input), answer, error);
      continue;
    }
    yield asked(`what begins: ${note}`, loading({ directory: own.directory ?? file.directory, policy: own.policy ?? file.policy }), "documents");
    if (call === "steps") {
      for (const [index, one] of input.steps.entries()) {
        const outcome = answer[index];
        const sent = CHANGES.has(one.do) ? dated(one) : one.do.startsWith("authenticate") || !has(one, "input") ? one : { ...one, input: withAt(one.input) };
        yield* both(`${note}: step ${index + 1}`, one.do, step(sent), outcome, outcome?.error);
      }
    } else {
      const sent = call.startsWith("authenticate") ? input : withAt(input);
      const whole = Array.isArray(answer) ? answer.map(merged) : merged(answer);
      if (call === "attribute_many" && Array.isArray(whole)) yield* rows(note, sent, whole);
      else yield* both(note, call, question(call, sent), whole, error);
    }
  }
}

function* both(note, name, call, answer, error) {
  if (call !== undefined) yield asked(note, call, "inputs", error);
  if (error !== undefined) yield answered(note, "error", error);
  else if (!SILENT.has(name)) yield answered(note, name, answer);
}

// A batch is answered although there are rows in it that are refused. The types refuse those, so they are asked one by one.
function* rows(note, usages, answer) {
  const reason = (index) => ({ code: answer[index].reason, path: "/0" });
  const all = usages.map((usage, index) => asked(`${note}: row ${index}`, question("attribute_many", [usage]), "inputs", reason(index)));
  yield* all.filter(({ refused }) => refused);
  yield asked(note, question("attribute_many", usages.filter((_, index) => !all[index].refused)), "inputs");
  yield answered(note, "attribute_many", answer);
}

function asked(note, call, kind, error) {
  return { note, kind, call, error, text: written(call), ...verdict(call, error) };
}

function answered(note, name, shown) {
  const answer = name === "preview" ? { ...NOT_SHOWN, ...shown } : shown;
  return { note, kind: "answers", name, answer, text: `(${literal(answer)}) satisfies Answer["${name}"]`, refused: false };
}
