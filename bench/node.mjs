// The npm package beside a floor that a developer would write by hand: nested maps, no rules beyond look-ups, no explanations.
// The same method as core.rs: rounds in turn, medians, ratios.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { Bailiwick } from "bailiwick";

const ROUNDS = 60;
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = process.env.BENCH_DATA ?? `${root}target/bench`;
const text = readFileSync(`${folder}/directory.json`, "utf8");
const questions = JSON.parse(readFileSync(`${folder}/requests.json`, "utf8"));
const policy = JSON.parse(readFileSync(`${root}core/policies/projects-2026-02.json`, "utf8"));
const rows = (value) => value ?? [];

class Floor {
  homes = new Map();
  keys = new Map();
  defaults = new Set();
  projects = new Map();
  resources = new Map();
  rows = new Map();
  permissions = new Map();
  keyPermissions = new Set();

  constructor(document) {
    for (const organization of document.organizations) {
      for (const { user, role } of organization.members) this.homes.set(user, [organization.id, role]);
      for (const project of organization.projects) {
        this.projects.set(project.id, organization.id);
        if (project.default) this.defaults.add(project.id);
        this.rows.set(project.id, new Map(project.collaborators.map(({ user, role }) => [user, role])));
        for (const { id } of project.api_keys) this.keys.set(id, project.id);
        for (const { id, kind } of project.resources) this.resources.set(id, [kind, project.id]);
      }
    }
    const grant = (roles, action) => rows(roles).forEach((role) => this.permissions.set(role, (this.permissions.get(role) ?? new Set()).add(action)));
    for (const { action, roles } of [...policy.organization_actions, ...policy.project_actions]) grant(roles, action);
    for (const { kind, verbs, api_key_verbs } of policy.kinds) {
      for (const group of verbs) group.verbs.forEach((verb) => grant(group.roles, `${kind}.${verb}`));
      rows(api_key_verbs).forEach((verb) => this.keyPermissions.add(`${kind}.${verb}`));
    }
  }

  isAllowed(principal, action, resource) {
    const colon = principal.indexOf(":");
    const who = principal.slice(colon + 1);
    const split = resource.indexOf(":");
    const type = resource.slice(0, split);
    const id = resource.slice(split + 1);
    const home = this.homes.get(who);
    if (type === "organization") return home !== undefined && home[0] === id && this.permissions.get(home[1]).has(action);
    let project = id;
    if (type !== "project") {
      const found = this.resources.get(id);
      if (found === undefined || found[0] !== type) return false;
      project = found[1];
    }
    if (principal.startsWith("api_key:")) return this.keys.get(who) === project && this.keyPermissions.has(action);
    const isMember = home !== undefined && home[0] === this.projects.get(project);
    let role = isMember && home[1] === "admin" ? "admin" : this.rows.get(project)?.get(who);
    if (role === undefined && isMember && this.defaults.has(project)) role = home[1];
    return role !== undefined && this.permissions.get(role).has(action);
  }
}

const before = process.memoryUsage().rss;
const start = performance.now();
const guard = Bailiwick.fromDirectory(text);
const loaded = performance.now() - start;
console.log(`node   load ${(text.length / 1e6).toFixed(1)} MB of JSON in ${loaded.toFixed(1)} ms; ${Math.round((process.memoryUsage().rss - before) / 1024)} kB more resident, parsing included`);
const snapshot = guard.toSnapshot();
const fromSnapshot = performance.now();
Bailiwick.fromSnapshot(snapshot);
console.log(`node   load the same as ${(snapshot.length / 1e6).toFixed(1)} MB of snapshot in ${(performance.now() - fromSnapshot).toFixed(1)} ms`);
const floor = new Floor(JSON.parse(text));
for (const { principal, action, resource, allowed } of questions) {
  assert.equal(floor.isAllowed(principal, action, resource), allowed);
  assert.equal(guard.isAllowed(principal, action, resource), allowed);
}
const requests = questions.map(({ principal, action, resource }) => ({ principal, action, resource }));
const usages = questions.map(({ principal, resource }) => ({ principal, kind: resource.split(":")[0], resource })).filter(({ kind }) => kind !== "organization" && kind !== "project");

const each = (ask) => () => requests.forEach(ask);
const candidates = {
  floor: each(({ principal, action, resource }) => floor.isAllowed(principal, action, resource)),
  isAllowed: each(({ principal, action, resource }) => guard.isAllowed(principal, action, resource)),
  checkAccess: each((request) => guard.checkAccess(request)),
  checkMany: () => guard.checkMany(requests),
  attributeMany: () => guard.attributeMany(usages),
};
const times = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, run] of Object.entries(candidates)) {
    run();
    const from = performance.now();
    run();
    times[name].push(((performance.now() - from) * 1e6) / (name === "attributeMany" ? usages.length : requests.length));
  }
}
const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
const base = median(times.floor);
for (const [name, list] of Object.entries(times)) {
  console.log(`node   ${name.padEnd(14)} ${median(list).toFixed(1).padStart(7)} ns   ${(median(list) / base).toFixed(2).padStart(5)} × floor`);
}
