// Projects like a user's, in target/bundlers. There the Makefile has installed the tools and the tarball, and written a snapshot with it.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { example } from "../hosts/examples.mjs";
import { NotHere, root, run } from "../hosts/processes.mjs";

const work = join(root, "target/bundlers");
// Which the examples of docs/javascript.md read.
export const snapshot = join(work, "directory.snapshot");

const CI = Boolean(process.env.CI);

// The section of docs/javascript.md with the lines that some tools need.
export const LINES = "Bundlers and test runners";
// What a build without the module has to say when it runs.
export const MISSING = /bailiwick_bg\.wasm cannot be loaded.*import `bailiwick\/inline` instead/;

// An example with the import that the documentation gives for such tools.
export function inlined(code) {
  return code.replace(/^import .* from "bailiwick";\n/m, example(LINES));
}

// A new project with these files, by their names.
export function project(name, files) {
  const folder = join(work, name.replaceAll(/[^a-z0-9]+/gi, "-"));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

// What a tool says that npm has installed there.
export function use(tool, args, options) {
  return run(join(work, "node_modules/.bin", tool), args, options);
}

// Calls with a copy of a folder in a place from where no package can be found, as on a server to which only a build is copied.
export async function elsewhere(folder, call) {
  const place = mkdtempSync(join(tmpdir(), "bailiwick-"));
  try {
    cpSync(folder, place, { recursive: true, verbatimSymlinks: true });
    cpSync(snapshot, join(place, "directory.snapshot"));
    return await call(place);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

// Runs what needs a browser. Without one the test is skipped, except on CI, where WITHOUT_BROWSERS says that there is none.
export async function inBrowser(test, call) {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof NotHere) || (CI && !process.env.WITHOUT_BROWSERS)) throw error;
    return test.skip(error.message);
  }
}
