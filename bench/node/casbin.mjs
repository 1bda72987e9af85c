// Casbin: role-based access with domains; its policy in memory, its enforcer made once. Once plain, and once with its cache of decisions.
import { FileAdapter, newCachedEnforcer, newEnforcer } from "casbin";

import { oneByOne } from "./data.mjs";

const model = new URL("../rules/casbin.conf", import.meta.url).pathname;

export async function plain(folder) {
  const enforcer = await newEnforcer(model, new FileAdapter(`${folder}/casbin.csv`));
  return (questions) => [
    oneByOne("enforceSync", questions, ({ principal, scope, action }) => enforcer.enforceSync(principal, scope, action), {
      expected: questions.map(({ allowed }) => allowed),
    }),
  ];
}

export async function cached(folder) {
  const enforcer = await newCachedEnforcer(model, new FileAdapter(`${folder}/casbin.csv`));
  return (questions) => {
    // Only its asynchronous call has the cache.
    const run = async (from, to, answers) => {
      for (let number = from; number < to; number++) {
        const { principal, scope, action } = questions[number];
        answers[number] = (await enforcer.enforce(principal, scope, action)) ? 1 : 0;
      }
    };
    return [{ operation: "enforce", length: questions.length, run, expected: questions.map(({ allowed }) => allowed) }];
  };
}
