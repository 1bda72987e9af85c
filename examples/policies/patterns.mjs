// Loads each pattern's directory with its policy, asks its questions and compares the answers: `node patterns.mjs [file …]`.
import { readdirSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

import { Bailiwick } from "bailiwick";

const asks = {
  check_access: (guard, input) => guard.checkAccess(input),
  attribute: (guard, input) => guard.attribute(input),
  list_projects: (guard, input) => guard.listProjects(input),
  list_principals: (guard, input) => guard.listPrincipals(input),
  list_actions: (guard, input) => guard.listActions(input),
};

// All users of a group: its own, and those of the groups in it. A group that contains itself adds nothing.
function usersOf(group, groups, seen = new Set()) {
  if (seen.has(group)) return [];
  seen.add(group);
  const { users = [], groups: inner = [] } = groups[group];
  return [...new Set([...users, ...inner.flatMap((id) => usersOf(id, groups, seen))])];
}

// The groups of a directory, from groups that contain groups.
function flattened(groups) {
  return Object.keys(groups).map((id) => ({ id, members: usersOf(id, groups).map((user) => ({ user })) }));
}

function engineOf({ policy, directory, nested_groups: nested }) {
  if (nested !== undefined) directory.organizations[0].groups = flattened(nested);
  return Bailiwick.fromDirectory(directory, { policy });
}

// A question in a few words.
function asked({ principal, action, kind, resource, project, at }) {
  const parts = [principal, action ?? kind, resource ?? project].filter((part) => part !== undefined);
  return parts.join(" → ") + (at === undefined ? "" : ` at ${at}`);
}

// An answer in a few words.
function answered(answer) {
  if ("items" in answer) return answer.items.join(", ") || "nothing";
  if ("allowed" in answer) return `${answer.allowed ? "allowed" : "denied"}: ${answer.reason}${answer.role === null ? "" : `, as ${answer.role}`}`;
  return `booked to ${answer.organization ?? "?"}/${answer.project ?? "?"}: ${answer.reason}`;
}

const here = new URL(".", import.meta.url);
const inFolder = () => readdirSync(here).filter((name) => name.endsWith(".json")).sort().map((name) => new URL(name, here));
const named = process.argv.slice(2);
for (const file of named.length > 0 ? named : inFolder()) {
  const pattern = JSON.parse(readFileSync(file, "utf8"));
  console.log(`\n${pattern.title}\n${"─".repeat(pattern.title.length)}\n${pattern.about}\n`);
  const guard = engineOf(pattern);
  for (const { because, ask, input, answer: wanted } of pattern.questions) {
    const found = asks[ask](guard, input);
    console.log(`${because}\n    ${asked(input)}\n    ${answered(found)}`);
    const told = Object.fromEntries(Object.keys(wanted).map((field) => [field, found[field]]));
    if (!isDeepStrictEqual(told, wanted)) {
      console.error(`${pattern.title}: another answer than expected: ${because}\n  wanted ${JSON.stringify(wanted)}\n  found  ${JSON.stringify(found)}`);
      process.exitCode = 1;
    }
  }
}
