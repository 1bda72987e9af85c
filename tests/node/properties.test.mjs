// What only a binding can break, on random input.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Bailiwick, isBailiwickError } from "bailiwick";
import fc from "fast-check";

const document = JSON.parse(readFileSync(new URL("../directories/acme.json", import.meta.url), "utf8"));
const guard = Bailiwick.fromDirectory(document);

// Names of the example, so that many questions are about something.
const ids = { user: [], api_key: [], organization: [], project: [] };
for (const user of document.users) ids.user.push(user.id);
for (const organization of document.organizations) {
  ids.organization.push(organization.id);
  for (const member of organization.members) ids.user.push(member.user);
  for (const project of organization.projects) {
    ids.project.push(project.id);
    for (const key of project.api_keys ?? []) ids.api_key.push(key.id);
    for (const resource of project.resources ?? []) (ids[resource.kind] ??= []).push(resource.id);
  }
}
const reference = (types) => fc.constantFrom(...types.flatMap((type) => ids[type].map((id) => ({ type, id }))));
const eitherForm = (arbitrary) => fc.tuple(arbitrary, fc.boolean()).map(([one, object]) => (object ? one : `${one.type}:${one.id}`));
const principal = eitherForm(fc.oneof({ weight: 9, arbitrary: reference(["user", "api_key"]) }, { weight: 1, arbitrary: fc.constant({ type: "user", id: "nobody é" }) }));
const resource = eitherForm(reference(Object.keys(ids)));
const verb = fc.constantFrom("create", "read", "use", "delete", "ssh", "scale", "revoke");
const kind = fc.constantFrom("instant_cluster", "api_key", "fine_tuning", "batch", "storage", "evaluation", "code_interpreter");
const action = fc.oneof(fc.tuple(kind, verb).map((parts) => parts.join(".")), fc.constantFrom("project_settings.read", "collaborators.add", "billing.read", "profile.read", "nonsense"));
const at = fc.constantFrom("2025-09-01T00:00:00Z", "2026-02-01T00:04:00Z", Date.parse("2026-02-01T00:01:00Z"), new Date("2026-01-15T00:00:00Z"));
const surface = fc.constantFrom("api", "ui", "playground");
const request = fc.record({ principal, action, resource, at, surface, min_revision: fc.nat(60) }, { requiredKeys: ["principal", "action", "resource", "at"] });
const usage = fc.record({ principal, kind, at, surface, project: fc.constantFrom(...ids.project) }, { requiredKeys: ["principal", "kind", "at"] });

const holds = (name, ...rest) => test(name, () => fc.assert(fc.property(...rest), { numRuns: 2000 }));
const many = (name, ...rest) => test(name, () => fc.assert(fc.property(...rest), { numRuns: 200 }));

/** The answer, or the error's code and path. */
function outcome(call) {
  try {
    return call();
  } catch (error) {
    if (!isBailiwickError(error)) throw error;
    return { code: error.code, path: error.path };
  }
}

holds("isAllowed is checkAccess().allowed, in every form", request, (one) => {
  const { allowed } = guard.checkAccess(one);
  assert.equal(guard.isAllowed(one), allowed);
  if (one.surface === undefined && one.min_revision === undefined) assert.equal(guard.isAllowed(one.principal, one.action, one.resource, one.at), allowed);
});

many("checkMany is many checkAccess", fc.array(request), (requests) => {
  assert.deepEqual(guard.checkMany(requests), requests.map((one) => guard.checkAccess(one)));
});

many("attributeMany is many attribute; a bad row says why", fc.array(usage), (usages) => {
  const rows = guard.attributeMany(usages);
  usages.forEach((one, index) => {
    const alone = outcome(() => guard.attribute(one));
    assert.equal(rows[index].reason, alone.code ?? alone.reason);
    if (!alone.code) assert.deepEqual(rows[index], alone);
  });
  assert.equal(rows.length, usages.length);
  assert.equal(rows.unattributed, rows.filter((row) => row.certainty === null).length);
});

const anything = fc.anything({ withBigInt: true, withBoxedValues: true, withDate: true, withMap: true, withNullPrototype: true, withObjectString: true, withSet: true, withSparseArray: true, withTypedArray: true, withUnicodeString: true, maxDepth: 4 });

holds("whatever is passed, nothing but a BailiwickError is thrown", anything, anything, anything, anything, (a, b, c, d) => {
  outcome(() => Bailiwick.fromDirectory(a));
  outcome(() => Bailiwick.fromDirectory(document, a));
  outcome(() => Bailiwick.fromDirectory({ ...document, users: a }));
  outcome(() => guard.checkAccess(a));
  outcome(() => guard.checkAccess({ principal: a, action: b, resource: c, at: d }));
  outcome(() => guard.checkMany([a, b]));
  outcome(() => guard.attribute({ principal: "user:usr_dan", kind: a, surface: b, project: c, at: d }));
  assert.equal(guard.attributeMany([a, b, c]).length, 3);
  outcome(() => guard.isAllowed(a, b, c, d));
});

holds("JSON text and the object that it says load to the same, or fail with the same", fc.json(), (text) => {
  const loaded = (input) => outcome(() => Bailiwick.fromDirectory(input).toDirectory());
  const fromText = loaded(text);
  // An object cannot hold a key twice; the text can.
  if (fromText.code !== "invalid_json") assert.deepEqual(typeof JSON.parse(text) === "string" ? fromText : loaded(JSON.parse(text)), fromText);
});

test("a directory written out and read again answers the same", () => {
  const again = Bailiwick.fromDirectory(guard.toDirectory());
  const fromText = Bailiwick.fromDirectory(JSON.stringify(guard.toDirectory()));
  fc.assert(fc.property(request, (one) => {
    assert.deepEqual(again.checkAccess(one), guard.checkAccess(one));
    assert.deepEqual(fromText.checkAccess(one), guard.checkAccess(one));
  }));
});
