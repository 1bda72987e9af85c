// Small projects like a user's: a package.json, the tarball as npm installs it, and the scripts that use it.
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { bundle } from "../suite/bundle.mjs";
import { root, run } from "./processes.mjs";

const work = join(root, "target/hosts");
const first = join(work, "installed");
const SCRIPTS = ["suite/cases.mjs", "suite/differences.mjs", "suite/documents.mjs", "suite/insight.mjs", "suite/steps.mjs", "hosts/check.mjs", "hosts/smoke.mjs", "hosts/entries"];

export function tarball() {
  const found = readdirSync(join(root, "dist")).filter((name) => /^bailiwick-.*\.tgz$/.test(name));
  if (found.length !== 1) throw new Error(`dist/ should have one tarball, not ${found.length}: \`make package\` makes it`);
  return join(root, "dist", found[0]);
}

// The package.json of the tarball.
export function manifest(project = first) {
  return JSON.parse(readFileSync(join(project, "node_modules/bailiwick/package.json"), "utf8"));
}

// Installs once, without a registry: the package has no dependencies. Every project is a copy of this one.
export async function install() {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(first, { recursive: true });
  writeFileSync(join(first, "package.json"), '{"private": true, "type": "module"}\n');
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", "--loglevel=error", tarball()], { cwd: first });
  for (const script of SCRIPTS) cpSync(join(root, "tests", script), join(first, script), { recursive: true });
  const text = JSON.stringify({ ...bundle(), version: manifest().version });
  // Parsed, not written as JavaScript, where a member named `__proto__` would have another meaning.
  writeFileSync(join(first, "bundled.mjs"), `export default JSON.parse(${JSON.stringify(text)});\n`);
  await run(process.execPath, ["hosts/entries/snapshot.mjs"], { cwd: first });
}

// The folder of a host's own project.
export function project(host) {
  const folder = join(work, host.replaceAll(" ", "-"));
  cpSync(first, folder, { recursive: true });
  return folder;
}
