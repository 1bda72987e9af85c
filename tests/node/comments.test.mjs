// Everything that the package publishes says what it is: what an editor shows where somebody points at it. The compiler of this version has no interface
// to ask for comments, so the declarations are read line by line; each has a line of its own, which this test sees to as well.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const installed = new URL("../../node_modules/bailiwick/", import.meta.url);
// A name that is declared: of the module, or of what is declared in it.
const DECLARATION = /^(?<indent> *)(?:export )?(?:default )?(?:declare )?(?:private |static |readonly )*(?:(?:type|interface|class|function|const) )?(?:\[[\w.]+\]|\w+)(?:\??:|\(|<| =| extends| \{|;)/;
const SKIPPED = /^\s*(?:import |export (?:\{|type \*|\*|default )|\} |declare (?:global|const)|interface SymbolConstructor|export interface Bailiwick \{|T extends|\?|: )/;

function bare(name) {
  const lines = readFileSync(new URL(name, installed), "utf8").split("\n");
  const found = [];
  let isComment = false;
  let open = "";
  for (const [index, line] of lines.entries()) {
    const text = line.trim();
    if (text.startsWith("/**")) isComment = true;
    const isCode = !isComment && text !== "" && !text.startsWith("//") && !text.startsWith("/*");
    if (text.endsWith("*/")) isComment = false;
    if (!isCode) continue;
    // What goes on over several lines has one comment: an import, a list of parameters.
    if (open !== "") {
      if (text.startsWith(open)) open = "";
      continue;
    }
    if (/^(import|export) type \{$/.test(text)) open = "}";
    if (/\($/.test(text)) open = ")";
    if (SKIPPED.test(line) || !DECLARATION.test(line)) continue;
    const before = lines[index - 1]?.trim() ?? "";
    if (!before.endsWith("*/")) found.push(`${name}:${index + 1}: ${text}`);
    // One comment speaks of one member.
    if (!text.includes("T extends {") && /[;{] *(?:readonly )?\w+\??: .*;/.test(text)) found.push(`${name}:${index + 1}: several members in a line: ${text}`);
  }
  return found;
}

const files = readdirSync(installed).filter((name) => name.endsWith(".d.ts"));

for (const name of files) {
  test(name, () => assert.deepEqual(bare(name).filter((line) => !/interface (?:Of\w+|AnyDecision) \{/.test(line)), []));
}

test("every code has a text of its own", () => {
  const codes = readFileSync(new URL("codes.d.ts", installed), "utf8");
  const words = (union) => [...union.matchAll(/"(\w+)"/g)].map(([, word]) => word).sort();
  const lists = [...codes.matchAll(/export type (\w+) = ("[^;]*);/g)].map(([, name, union]) => [name, words(union)]);
  const texts = Object.fromEntries([...codes.matchAll(/A text for each `(\w+)`[^{]*\{([^}]*)\}/g)].map(([, name, members]) => [name, [...members.matchAll(/\/\*\* (\S.*) \*\/\n {2}readonly (\w+): string;/g)].map(([, , word]) => word).sort()]));
  assert.ok(lists.length >= 9);
  const [allow, deny] = ["AllowReason", "DenyReason"].map((name) => lists.find(([other]) => other === name)[1]);
  assert.deepEqual([...allow, ...deny].sort(), texts.Reason);
  assert.ok(allow.includes("owner") && deny.includes("not_a_member"));
  for (const [name, union] of lists) if (!name.endsWith("Reason") || name === "AttributionReason") assert.deepEqual(union, texts[name], name);
  assert.doesNotMatch(codes, /\]\(/);
});
