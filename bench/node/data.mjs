// What the generator has written: a directory in every engine's form, and the questions.
import { readFileSync } from "node:fs";

export const policy = () => read(new URL("../../core/policies", import.meta.url).pathname, "projects-2026-02.json");

export const text = (folder, name) => readFileSync(`${folder}/${name}`, "utf8");

export const read = (folder, name) => JSON.parse(text(folder, name));

/** Each with `principal`, `action`, `resource`, the `scope` of the resource, and whether it is `allowed`. */
export const questionsOf = (folder, name = "requests.json") => read(folder, name);

// A loop that the compiler takes for one of its own each time, so that it can inline what is asked in it, as in a program with one engine.
const LOOP = `return (from, to, answers) => {
  for (let number = from; number < to; number++) answers[number] = ask(prepared[number]) ? 1 : 0;
}`;

/** A way to ask questions one by one, each from what was prepared for it. */
export function oneByOne(operation, prepared, ask, more) {
  return { operation, length: prepared.length, run: new Function("prepared", "ask", LOOP)(prepared, ask), ...more };
}
