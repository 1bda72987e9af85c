// Builds each structure by its changes, asks its questions and compares whole answers: `node run.mjs [--json] [file …]`.
import { readdirSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

import { Bailiwick } from "bailiwick";

const asks = {
  check_access: (guard, input) => guard.checkAccess(input),
  attribute: (guard, input) => guard.attribute(input),
  list_projects: (guard, input) => guard.listProjects(input),
  list_resources: (guard, input) => guard.listResources(input),
  list_principals: (guard, input) => guard.listPrincipals(input),
  list_actions: (guard, input) => guard.listActions(input),
};

// The answers to a structure's questions, from an organization that was empty when the changes began.
function answersOf({ start, changes, questions }) {
  const guard = Bailiwick.fromDirectory(start);
  // Some name an actor; the others are the platform's own.
  for (const { change, ...options } of changes) guard.apply(change, options);
  return questions.map(({ ask, input }) => asks[ask](guard, input));
}

// A question in a few words.
function asked({ principal, action, kind, surface, project, resource }) {
  const parts = [principal, action ?? kind, resource ?? project].filter((part) => part !== undefined);
  return parts.join(" → ") + (surface === undefined ? "" : ` (${surface})`);
}

// An answer in a few words.
function answered(answer) {
  if ("items" in answer) return answer.items.join(", ");
  if ("allowed" in answer) return [`${answer.allowed ? "allowed" : "denied"}: ${answer.reason}`, ...answer.caveats].join(", ");
  return [`booked to ${answer.organization ?? "?"}/${answer.project ?? "?"}: ${answer.reason}`, ...answer.remedies].join(", ");
}

const args = process.argv.slice(2);
const here = new URL(".", import.meta.url);
const named = args.filter((arg) => arg !== "--json");
const inFolder = () => readdirSync(here).filter((name) => name.endsWith(".json")).sort().map((name) => new URL(name, here));
const structures = (named.length > 0 ? named : inFolder()).map((file) => JSON.parse(readFileSync(file, "utf8")));
const results = structures.map((structure) => ({ title: structure.title, answers: answersOf(structure) }));

if (args.includes("--json")) process.stdout.write(JSON.stringify(results));
for (const [at, { title, about, questions }] of structures.entries()) {
  if (!args.includes("--json")) console.log(`\n${title}\n${"─".repeat(title.length)}\n${about}\n`);
  for (const [index, { shows, because, input, answer: wanted }] of questions.entries()) {
    const found = results[at].answers[index];
    if (!args.includes("--json")) console.log(`${shows.padEnd(9)}  ${because}\n           ${asked(input)}\n           ${answered(found)}`);
    if (!isDeepStrictEqual(found, wanted)) {
      console.error(`${title}: another answer than expected: ${because}\n  wanted ${JSON.stringify(wanted)}\n  found  ${JSON.stringify(found)}`);
      process.exitCode = 1;
    }
  }
}
