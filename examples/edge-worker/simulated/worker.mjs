// How Miniflare is to run the worker: with the modules that Wrangler uploads, and the compatibility date of wrangler.jsonc.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [, compatibilityDate] = readFileSync(new URL("../wrangler.jsonc", import.meta.url), "utf8").match(/"compatibility_date": "(.*?)"/);

export const workerIn = (folder) => ({
  name: "edge-worker",
  modules: true,
  modulesRoot: folder,
  scriptPath: join(folder, "index.js"),
  modulesRules: [
    { type: "ESModule", include: ["**/*.js"] },
    { type: "CompiledWasm", include: ["**/*.wasm"] },
  ],
  compatibilityDate,
});
