// What a developer would write by hand: nested maps, no rules beyond lookups, no explanations.
import { oneByOne, policy, read } from "./data.mjs";

class Baseline {
  homes = new Map();
  keys = new Map();
  projects = new Map();
  resources = new Map();
  permissions = new Map();

  constructor(document, { organization_actions, project_actions, kinds }) {
    for (const organization of document.organizations) {
      for (const { user, role } of organization.members) this.homes.set(user, { organization: organization.id, role });
      for (const project of organization.projects) {
        const rows = new Map(project.collaborators.map(({ user, role }) => [user, role]));
        this.projects.set(project.id, { organization: organization.id, isDefault: project.default, externals: project.allow_external_collaborators, rows });
        for (const { id } of project.api_keys) this.keys.set(id, project.id);
        for (const { id, kind } of project.resources) this.resources.set(id, { kind, project: project.id });
      }
    }
    for (const { action, roles } of [...organization_actions, ...project_actions]) this.grant(roles, action);
    for (const { kind, verbs, api_key_verbs } of kinds) {
      for (const group of verbs) group.verbs.forEach((verb) => this.grant(group.roles, `${kind}.${verb}`));
      api_key_verbs?.forEach((verb) => this.grant(["api_key"], `${kind}.${verb}`));
    }
  }

  grant(roles, action) {
    roles?.forEach((role) => this.permissions.set(role, (this.permissions.get(role) ?? new Set()).add(action)));
  }

  isAllowed(principal, action, resource) {
    const role = this.role(principal, resource);
    return role !== undefined && this.permissions.get(role).has(action);
  }

  /** The role that counts. */
  role(principal, resource) {
    const who = principal.slice(principal.indexOf(":") + 1);
    const split = resource.indexOf(":");
    const type = resource.slice(0, split);
    const id = resource.slice(split + 1);
    if (type === "organization") {
      const home = this.homes.get(who);
      return home?.organization === id ? home.role : undefined;
    }
    let place = id;
    if (type !== "project") {
      const found = this.resources.get(id);
      if (found?.kind !== type) return undefined;
      place = found.project;
    }
    if (principal.startsWith("api_key:")) return this.keys.get(who) === place ? "api_key" : undefined;
    const project = this.projects.get(place);
    if (project === undefined) return undefined;
    const home = this.homes.get(who);
    if (home?.organization !== project.organization) return project.externals ? project.rows.get(who) : undefined;
    if (home.role === "admin") return "admin";
    return project.rows.get(who) ?? (project.isDefault ? "member" : undefined);
  }
}

export function baseline(folder) {
  const made = new Baseline(read(folder, "directory.json"), policy());
  return (questions) => [
    oneByOne("isAllowed", questions, ({ principal, action, resource }) => made.isAllowed(principal, action, resource), { expected: questions.map(({ allowed }) => allowed) }),
  ];
}
