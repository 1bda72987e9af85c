// CASL: an ability for each principal, made once and kept; its rules hold within the scopes where the principal has a role.
import { createMongoAbility } from "@casl/ability";

import { oneByOne, read } from "./data.mjs";

export function casl(folder) {
  const { grants, scopes, actions } = read(folder, "casl.json");
  const resources = new Map(Object.entries(scopes).map(([resource, scope]) => [resource, { type: resource.slice(0, resource.indexOf(":")), scope }]));
  const held = new Map();
  for (const [principal, role, scope] of grants) {
    if (scope.startsWith("project:") || scope.startsWith("organization:")) resources.set(scope, { type: scope.slice(0, scope.indexOf(":")), scope });
    const roles = held.get(principal) ?? held.set(principal, new Map()).get(principal);
    roles.set(role, [...(roles.get(role) ?? []), scope]);
  }
  const types = [...new Set(Array.from(resources.values(), ({ type }) => type))];
  const abilities = new Map();

  function make(principal) {
    const rules = Array.from(held.get(principal) ?? [], ([role, within]) => {
      const conditions = { scope: within.length === 1 ? within[0] : { $in: within } };
      return types.map((type) => ({ action: actionsOn(type, actions[role]), subject: type, conditions })).filter(({ action }) => action.length > 0);
    });
    return createMongoAbility(rules.flat(), { detectSubjectType: ({ type }) => type });
  }

  function abilityOf(principal) {
    let ability = abilities.get(principal);
    if (ability === undefined) abilities.set(principal, (ability = make(principal)));
    return ability;
  }

  return (questions) => {
    const expected = questions.map(({ allowed }) => allowed);
    const prepared = questions.map(({ principal, action, resource }) => ({ ability: abilityOf(principal), action, row: resources.get(resource) }));
    return [
      oneByOne("can, by ids", questions, ({ principal, action, resource }) => abilityOf(principal).can(action, resources.get(resource)), { expected }),
      oneByOne("can, objects at hand", prepared, ({ ability, action, row }) => ability.can(action, row), { expected }),
    ];
  };
}

const lists = new Map();

/** The actions of a role on a type of resource; the same list for everybody. */
function actionsOn(type, all) {
  const found = lists.get(all) ?? lists.set(all, new Map()).get(all);
  if (!found.has(type)) {
    const place = type === "project" || type === "organization";
    found.set(type, place ? all : all.filter((action) => action.startsWith(`${type}.`)));
  }
  return found.get(type);
}
