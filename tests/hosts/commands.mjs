// Hosts that are commands: Node by import and by require, Deno, Bun.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { example } from "./examples.mjs";
import { NotHere, PATIENCE, end, run, start, tool, within } from "./processes.mjs";

const node = () => ({ program: process.execPath, version: process.versions.node });

function nodeWithRequire() {
  if (!process.features.require_module) throw new NotHere("this Node.js cannot require an ES module, 20.19 can");
  return node();
}

// The `options` of the program depend on the files that it has to read beside the package.
const command = (name, find, options, entry, extension, ...place) => {
  async function said(project, script, ...files) {
    const { program } = await find();
    // Deno keeps its cache in an ignored folder, and Bun has none.
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
// No network, and Deno may read one file: the package needs no other permission in any host. A feed in a folder needs that folder.
const deno = (files) => [
  ...["run", "--no-prompt", "--cached-only", "--allow-write=feed"],
  `--allow-read=${["node_modules/bailiwick/bailiwick_bg.wasm", "feed", ...files]}`,
];
const bun = () => ["--no-install"];

// The decision point of docs/javascript.md, asked over HTTP for an allowed and for a denied principal. `true` if both answers are right.
async function serve(project) {
  const { program } = await tool("deno");
  const code = example("An AuthZEN decision point").replace("port: 8787", 'port: 0, hostname: "127.0.0.1"');
  writeFileSync(join(project, "decision_point.mjs"), code);
  const options = [...deno(["directory.snapshot"]), "--allow-net=127.0.0.1", "--allow-env=PDP_TOKEN"];
  const env = { ...process.env, DENO_DIR: join(project, ".deno"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1", PDP_TOKEN: "good" };
  const child = start(program, [...options, "decision_point.mjs"], { cwd: project, env, stdio: ["ignore", "pipe", "pipe"] });
  try {
    const said = new Promise((resolve, reject) => {
      let text = "";
      const hear = (bytes) => /http:\S+/.test((text += bytes)) && resolve(text.match(/http:\S+/)[0]);
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.once("close", () => reject(new Error(`the decision point ended\n${text}`)));
    });
    const url = await within(said, "the start of the decision point");
    const ask = (token) => {
      const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
      const body = { subject: { type: "user", id: "usr_bob" }, action: { name: "file.read" }, resource: { type: "project", id: "prj_a" } };
      return fetch(`${url}access/v1/evaluation`, { method: "POST", headers, body: JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE) });
    };
    const [may, mayNot] = [await ask("good"), await ask("bad")];
    return mayNot.status === 401 ? String((await may.json()).decision) : `somebody with a wrong token is answered ${mayNot.status}`;
  } finally {
    end(child);
  }
}

export const commands = [
  command("node import", node, none, "hosts/entries/command.mjs", "mjs", "Node.js"),
  command("node require", nodeWithRequire, none, "hosts/entries/command.cjs", "cjs", "Node.js", "js", 1),
  { ...command("deno", () => tool("deno"), deno, "hosts/entries/command.mjs", "mjs", "Deno"), serve },
  command("bun", () => tool("bun"), bun, "hosts/entries/command.mjs", "mjs", "Bun"),
];
