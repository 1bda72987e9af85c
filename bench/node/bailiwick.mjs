// The npm package, asked in each of its ways.
import { Bailiwick } from "bailiwick";

import { oneByOne, text } from "./data.mjs";

// How many questions go into one call that takes many.
const MANY = 200;

/** A call that takes a list. */
function many(operation, objects, ask, expected) {
  const batch = Math.max(1, Math.min(MANY, objects.length));
  const lists = Array.from({ length: Math.floor(objects.length / batch) }, (_, number) => objects.slice(number * batch, (number + 1) * batch));
  const run = (from, to, answers) => {
    for (let number = from / batch; number < to / batch; number++) {
      const answered = ask(lists[number]);
      for (let row = 0; row < batch; row++) answers[number * batch + row] = answered[row] ? 1 : 0;
    }
  };
  return { operation, length: lists.length * batch, batch, run, expected };
}

export function bailiwick(folder) {
  const guard = Bailiwick.fromDirectory(text(folder, "directory.json"));
  return (questions) => {
    const expected = questions.map(({ allowed }) => allowed);
    const requests = questions.map(({ principal, action, resource }) => ({ principal, action, resource }));
    const kinds = requests.map(({ principal, resource }) => ({ principal, kind: resource.split(":")[0], resource }));
    const usages = kinds.filter(({ kind }) => kind !== "organization" && kind !== "project");
    return [
      oneByOne("isAllowed", requests, ({ principal, action, resource }) => guard.isAllowed(principal, action, resource), { expected }),
      oneByOne("checkAccess", requests, (request) => guard.checkAccess(request).allowed, { expected }),
      many("checkMany", requests, (list) => guard.checkMany(list).map(({ allowed }) => allowed), expected),
      // What cannot be attributed is an error of the single call, and a row of the other; only the other is asked about such usage.
      oneByOne("attribute", usages.filter(attributable(guard)), (usage) => guard.attribute(usage).matches_intended),
      many("attributeMany", usages, (list) => guard.attributeMany(list).map(({ matches_intended }) => matches_intended)),
    ];
  };
}

const attributable = (guard) => (usage) => guard.attributeMany([usage])[0].organization !== null;
