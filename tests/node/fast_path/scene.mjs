// What the tests of the fast path share: questions, and each answer by the fast and by the general path.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { Bailiwick, isBailiwickError } from "bailiwick";

export const acme = JSON.parse(readFileSync(new URL("../../directories/acme.json", import.meta.url), "utf8"));
// As long as ids can be, by one byte and by several.
export const [LONG, WIDE] = ["l".repeat(256), "é".repeat(128)];
export const at = Date.parse("2026-02-01T12:00:00Z");
export const actor = "user:usr_ada";
export const once = { principal: "user:usr_dan", action: "file.read", resource: "project:prj_a" };
// Somebody whose whole access is one row.
export const guest = { ...once, principal: `user:${LONG}` };

/** The example as a directory that does not age, with ids of every sort in it. */
export function documentWith(fields = {}) {
  const document = structuredClone({ ...acme, issued_at: null, max_age_seconds: null, ...fields });
  const project = document.organizations[0].projects.find((project) => project.id === "prj_a");
  for (const id of [LONG, WIDE, "a:b", "f_0123456", "f_01234567", "漢字 \u{1f600}"]) {
    (project.collaborators ??= []).push({ user: id, role: "member" });
    (project.resources ??= []).push({ id, kind: "file" });
  }
  (project.api_keys ??= []).push({ id: "key_ends", expires_at: "2026-03-01T00:00:00Z" });
  return document;
}
export const load = (fields) => Bailiwick.fromDirectory(documentWith(fields));

/** Everything that has a name in a directory, and some names of nothing. */
export function namesIn(document) {
  const [principals, resources] = [new Set(["user:nobody", "robot:x"]), new Set(["project:none", "file:none", "team:blue", "organization:none"])];
  const add = (set, type, id) => set.add(`${type}:${id}`);
  for (const { id } of document.users ?? []) add(principals, "user", id);
  for (const organization of document.organizations) {
    add(resources, "organization", organization.id);
    for (const { user } of organization.members) add(principals, "user", user);
    for (const project of organization.projects) {
      add(resources, "project", project.id);
      for (const { user } of project.collaborators ?? []) add(principals, "user", user);
      for (const { id } of project.api_keys ?? []) add(principals, "api_key", id);
      for (const { id } of project.api_keys ?? []) add(resources, "api_key", id);
      for (const { id, kind } of project.resources ?? []) add(resources, kind, id);
    }
  }
  return [[...principals], [...resources, actor]];
}
export const ACTIONS = ["file.read", "instant_cluster.ssh", "instant_cluster.delete", "fine_tuning.create", "api_key.revoke", "storage.read", "billing.read", "members.add", "project_settings.read", "collaborators.add", "profile.read", "no.such", ""];

export function questionsOf(engine) {
  const [principals, resources] = namesIn(engine.toDirectory());
  const questions = principals.flatMap((principal) => resources.flatMap((resource) => ACTIONS.map((action) => ({ principal, action, resource }))));
  // In an order in which neither principals nor resources come together.
  return questions.map((_, place) => questions[(place * 7919) % questions.length]);
}

/** The same request in a form that is not cached: anything but a plain object takes the general path. */
export const slow = (request) => Object.setPrototypeOf({ ...request }, null);

/** The answer with the order of its members, or all that an error says. */
export function outcome(call) {
  try {
    return JSON.stringify(call());
  } catch (error) {
    if (!isBailiwickError(error)) throw error;
    return { code: error.code, path: error.path, message: error.message };
  }
}

/** Asks in every way, twice. */
export function alike(engine, request) {
  const wanted = outcome(() => engine.checkAccess(slow(request)));
  const { principal, action, resource, surface, at } = request;
  for (let time = 0; time < 2; time++) {
    assert.deepEqual(outcome(() => engine.checkAccess(request)), wanted);
    const listed = outcome(() => engine.checkMany([request]));
    assert.deepEqual(listed.path === undefined ? listed : { ...listed, path: listed.path.slice(2) }, wanted.path === undefined ? `[${wanted}]` : wanted);
    const allowed = outcome(() => engine.isAllowed(request));
    assert.deepEqual(allowed, wanted.path === undefined ? `${JSON.parse(wanted).allowed}` : wanted);
    const isPositional = Object.keys(request).every((name) => name === "at" || name in once) && surface === undefined;
    if (isPositional && (typeof principal !== "object" || action !== undefined || resource !== undefined)) {
      assert.deepEqual(outcome(() => engine.isAllowed(principal, action, resource, at)), allowed);
    }
  }
}

/** Whatever the engine remembers, it answers what one that remembers nothing does. */
export function checkAll(engine, questions = questionsOf(engine)) {
  const wanted = Bailiwick.fromSnapshot(engine.toSnapshot()).checkMany(questions.map(slow));
  assert.deepEqual(engine.checkMany(questions), wanted);
  questions.forEach((question, place) => assert.deepEqual(engine.checkAccess(question), wanted[place]));
  for (const [place, { principal, action, resource }] of questions.entries()) assert.equal(engine.isAllowed(principal, action, resource), wanted[place].allowed);
  return wanted;
}
