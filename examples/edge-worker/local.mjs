// Everything on this machine, for as long as it runs: a control plane, a KV namespace, and the worker in workerd. Each line that is typed is a
// change as JSON, such as {"type": "revoke_api_key", "key": "key_ci"}; the next request is answered by it.
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { Log, LogLevel, Miniflare } from "miniflare";

import { controlPlane, createKey, publicKeyFor } from "./publish.mjs";
import { bundle } from "./simulated/bundle.mjs";
import { workerIn } from "./simulated/worker.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const MAX_AGE_SECONDS = 60;

const signingKey = crypto.getRandomValues(new Uint8Array(32));
const token = crypto.randomUUID();

const worker = new Miniflare({
  ...workerIn(await bundle(here)),
  host: "127.0.0.1",
  port: Number(process.env.PORT ?? 8787),
  cf: false,
  log: new Log(LogLevel.INFO),
  kvNamespaces: ["DIRECTORY"],
  bindings: { PUBLIC_KEY: publicKeyFor(signingKey), FOLLOW_SECONDS: "0", AUTHZEN_TOKEN: token },
});
const { origin } = await worker.ready;
const plane = await controlPlane(await worker.getKVNamespace("DIRECTORY"), { signingKey, maxAgeSeconds: MAX_AGE_SECONDS });
// Made for this run alone, which is why it may be shown.
const secret = createKey(plane.guard, { project: "prj_a", key: "key_ci" }, "user:usr_bob");
await plane.publish();
// From now on it publishes what is new, and renews it.
plane.start();

console.log(`
curl -i ${origin}/v1/files/file_a -H 'Authorization: Bearer ${secret}'
curl -i ${origin}/v1/files/file_b -H 'Authorization: Bearer ${secret}'
curl -i ${origin}/access/v1/search/action -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' \\
  -d '{"subject": {"type": "user", "id": "usr_bob"}, "resource": {"type": "file", "id": "file_a"}}'

A change, such as {"type": "revoke_api_key", "key": "key_ci"}, or Ctrl+D:`);

for await (const line of createInterface({ input: process.stdin })) {
  try {
    console.log(`revision ${plane.guard.apply(JSON.parse(line))}`);
    await plane.publish();
  } catch (fault) {
    console.log(fault.message);
  }
}
await plane.stop();
await worker.dispose();
