// Hosts that are a command: Node by import and by require, Deno, Bun.
import { join } from "node:path";

import { NotHere, run, tool } from "./processes.mjs";

const node = () => ({ program: process.execPath, version: process.versions.node });

function nodeWithRequire() {
  if (!process.features.require_module) throw new NotHere("this Node.js cannot require an ES module, 20.19 can");
  return node();
}

const command = (name, find, args) => ({
  name,
  async ask(project) {
    const { program, version } = await find();
    // Deno keeps its cache in an ignored folder, and Bun none.
    const env = { DENO_DIR: join(project, ".deno"), DENO_NO_UPDATE_CHECK: "1", BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0", NO_COLOR: "1" };
    return { version, report: JSON.parse(await run(program, args, { cwd: project, env })) };
  },
});

// Nothing may be fetched, and Deno may read one file: more than that the package needs nowhere.
const DENO = ["run", "--no-prompt", "--cached-only", "--allow-read=node_modules/bailiwick/bailiwick_bg.wasm"];

export const commands = [
  command("node import", node, ["hosts/entries/command.mjs"]),
  command("node require", nodeWithRequire, ["hosts/entries/command.cjs"]),
  command("deno", () => tool("deno"), [...DENO, "hosts/entries/command.mjs"]),
  command("bun", () => tool("bun"), ["--no-install", "hosts/entries/command.mjs"]),
];
