// workerd, the runtime of Cloudflare Workers, with the output of a Wrangler build: JavaScript in one file, WebAssembly as a separate
// module.
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";

import { example } from "./examples.mjs";
import { end, start, tool, within, PATIENCE } from "./processes.mjs";

// The conditions with which Wrangler bundles.
const CONDITIONS = ["workerd", "worker", "browser"];

// Keeps `import module from "….wasm"` as it is, as Wrangler does, and copies the file beside the output.
const compiledWasm = (files) => ({
  name: "compiled-wasm",
  async resolveId(source, importer) {
    const resolved = source.endsWith(".wasm") ? await this.resolve(source, importer, { skipSelf: true }) : null;
    if (resolved === null) return null;
    const name = `./${basename(resolved.id)}`;
    files.set(name, resolved.id);
    return { id: name, external: true };
  },
});

async function bundled(project, input) {
  const { rolldown } = await import("rolldown");
  const files = new Map();
  const bundle = await rolldown({ input: join(project, input), cwd: project, resolve: { conditionNames: CONDITIONS }, plugins: [compiledWasm(files)] });
  await bundle.write({ dir: join(project, "bundled"), entryFileNames: "worker.js", codeSplitting: false });
  await bundle.close();
  if (files.size !== 1) throw new Error(`the Worker imports ${files.size} WebAssembly modules: ${[...files.keys()]}`);
  const [[name, path]] = files;
  return { name, path };
}

// Port 0 is any free port; workerd prints it.
const config = ({ name, path }, project) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "bundled/worker.js"),
    (name = "${name}", wasm = embed "${path.slice(project.length + 1)}"),
  ],
  compatibilityDate = "2026-04-01",
);
`;

async function answered(program, project) {
  const child = start(program, ["serve", "--control-fd=3", "workerd.capnp"], { cwd: project, stdio: ["ignore", "pipe", "pipe", "pipe"] });
  const said = [];
  child.stdout.on("data", (bytes) => said.push(bytes));
  child.stderr.on("data", (bytes) => said.push(bytes));
  try {
    const listening = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => reject(new Error(`workerd ended with ${code}`)));
      createInterface({ input: child.stdio[3] }).on("line", (line) => {
        const { event, port } = JSON.parse(line);
        if (event === "listen") resolve(port);
      });
    });
    const port = await within(listening, "the start of workerd");
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(PATIENCE) });
    if (!response.ok) throw new Error(`workerd answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
    return await response.text();
  } catch (error) {
    throw new Error(`${error.message}\n${Buffer.concat(said).toString().slice(0, 2000)}`.trimEnd());
  } finally {
    end(child);
  }
}

async function said(project, entry) {
  const { program } = await tool("workerd");
  const wasm = await within(bundled(project, entry), "rolldown");
  writeFileSync(join(project, "workerd.capnp"), config(wasm, project));
  return answered(program, project);
}

// The environment that a platform gives a Worker: `DIRECTORY` is its key-value store.
const around = {
  "Cloudflare Workers": `import worker from "./example.mjs";
const DIRECTORY = { get: async (name) => (name === "directory.snapshot" ? bytes.buffer : null) };
export default { fetch: (request) => worker.fetch(request, { DIRECTORY }) };`,
  "Other hosts": `import "./example.mjs";
import { Bailiwick } from "bailiwick/slim";
const guard = Bailiwick.fromSnapshot(bytes);
export default { fetch: () => new Response(guard.isAllowed("user:usr_bob", "file.read", "project:prj_a")) };`,
};

const worker = (name, entry, section) => ({
  name,
  async ask(project) {
    const { version } = await tool("workerd");
    return { version, report: JSON.parse(await said(project, `hosts/entries/${entry}`)) };
  },
  async show(project) {
    const bytes = `const bytes = new Uint8Array([${[...readFileSync(join(project, "directory.snapshot"))]}]);`;
    writeFileSync(join(project, "example.mjs"), example(section));
    writeFileSync(join(project, "shown.mjs"), `${bytes}\n${around[section]}\n`);
    return said(project, "shown.mjs");
  },
});

export const workers = [worker("workerd", "worker.mjs", "Cloudflare Workers"), worker("workerd slim", "slim.mjs", "Other hosts")];
