// Hosts that are a command: Node by import and by require, Deno, Bun.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { example } from "./examples.mjs";
import { NotHere, run, tool } from "./processes.mjs";

const node = () => ({ program: process.execPath, version: process.versions.node });

function nodeWithRequire() {
  if (!process.features.require_module) throw new NotHere("this Node.js cannot require an ES module, 20.19 can");
  return node();
}

// `options` of the program depend on what is to be read beside the package.
const command = (name, find, options, entry, extension, ...place) => {
  async function said(project, script, ...files) {
    const { program } = await find();
    // Deno keeps its cache in an ignored folder, and Bun none.
    const env = { DENO_DIR: join(project, ".deno"), DENO_NO_UPDATE_CHECK: "1", BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0", NO_COLOR: "1" };
    return run(program, [...options(files), script], { cwd: project, env });
  }
  return {
    name,
    async ask(project) {
      const { version } = await find();
      return { version, report: JSON.parse(await said(project, entry)) };
    },
    async show(project) {
      writeFileSync(join(project, `example.${extension}`), example(...place));
      return said(project, `example.${extension}`, "directory.snapshot");
    },
  };
};

const none = () => [];
// Nothing may be fetched, and Deno may read one file: more than that the package needs nowhere.
const deno = (files) => ["run", "--no-prompt", "--cached-only", `--allow-read=${["node_modules/bailiwick/bailiwick_bg.wasm", ...files]}`];
const bun = () => ["--no-install"];

export const commands = [
  command("node import", node, none, "hosts/entries/command.mjs", "mjs", "Node.js"),
  command("node require", nodeWithRequire, none, "hosts/entries/command.cjs", "cjs", "Node.js", "js", 1),
  command("deno", () => tool("deno"), deno, "hosts/entries/command.mjs", "mjs", "Deno"),
  command("bun", () => tool("bun"), bun, "hosts/entries/command.mjs", "mjs", "Bun"),
];
