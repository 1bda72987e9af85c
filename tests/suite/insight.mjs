// The calls of insight that name documents, in any JavaScript host. tests/README.md says what they are.

const chosen = (given, ...names) => Object.fromEntries(names.filter((name) => name in given).map((name) => [name, given[name]]));

// The answer of one call. `document` is that of a name in a folder.
const CALLS = {
  impact: ({ Bailiwick }, guard, given, document) => {
    const other = "document" in given ? Bailiwick.fromDirectory(document("directories", given.document)) : under(guard, given.with_policy, given, document);
    return guard.impact(other, chosen(given, "at", "limit", "cursor"));
  },
  with_policy: (_, guard, given, document) => {
    const { policy, revision, state } = under(guard, given.policy, given, document);
    return { policy, revision, state };
  },
  review: (_, guard, given) => guard.review(given),
  findings: (_, guard, given) => guard.findings(given),
  policy_document: (_, guard) => guard.policyDocument,
  built_in_policy: ({ builtInPolicy }, _, { id }) => builtInPolicy(id),
  analyse_policy: ({ analysePolicy }, _, { policy }, document) => analysePolicy(document("policies", policy)),
};

const under = (guard, policy, given, document) => guard.withPolicy(document("policies", policy), chosen(given, "renames"));

export const isInsight = (name) => Object.hasOwn(CALLS, name);
export const insight = (bailiwick, guard, name, given, document) => CALLS[name](bailiwick, guard, given, document);
