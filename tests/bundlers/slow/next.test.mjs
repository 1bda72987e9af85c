// A Next.js application, `next/` as it is: a server component, a route handler, a client component, and a page that loads packages from node_modules.
// What `output: "standalone"` has collected runs where there is nothing else.
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { once } from "node:events";
import { createServer, request as ask } from "node:http";
import { basename, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { visit } from "../../hosts/browsers.mjs";
import { PATIENCE, end, root, start, within } from "../../hosts/processes.mjs";
import { serve } from "../../hosts/server.mjs";
import { elsewhere, inBrowser, project, use } from "../projects.mjs";

const SOURCES = fileURLToPath(new URL("next", import.meta.url));
// A build takes ten seconds, and has taken a minute on a busy machine.
const LONG = 8 * PATIENCE;
const env = { NEXT_TELEMETRY_DISABLED: "1" };

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

// Calls with the address of the application that was built in a folder.
async function running(folder, call) {
  const port = await freePort();
  const child = start(process.execPath, ["server.js"], {
    cwd: folder,
    env: { ...process.env, ...env, NODE_ENV: "production", PORT: port, HOSTNAME: "127.0.0.1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  try {
    const ready = new Promise((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => /Ready in/.test((said += bytes)) && resolve());
      child.once("close", () => reject(new Error("the server ended")));
    });
    await within(ready, "the start of Next.js");
    return await call(port);
  } catch (error) {
    throw new Error(`${error.message}\n${said}`, { cause: error });
  } finally {
    end(child);
  }
}

async function text(port, path) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(PATIENCE) });
  return response.text();
}

// The report of the page of the client component, which comes through a server that takes reports.
async function client(port) {
  const others = (incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const path = url === "/" ? "/client" : url;
    const forwarded = ask({ port, host: "127.0.0.1", method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on("error", () => outgoing.destroy());
    incoming.pipe(forwarded);
  };
  const server = await serve({ others });
  try {
    return (await visit("chromium", server)).report;
  } finally {
    server.close();
  }
}

for (const [name, args] of [
  ["Turbopack", []],
  ["webpack", ["--webpack"]],
]) {
  test(`Next.js with ${name}`, async (context) => {
    const folder = project(`next ${name}`, {});
    cpSync(SOURCES, folder, { recursive: true });
    cpSync(join(root, "examples/acme/directory.json"), join(folder, "directory.json"));
    await use("next", ["build", ...args], { cwd: folder, env, patience: LONG });
    // As the documentation of Next.js tells: the files for browsers are copied by hand.
    const place = basename(folder);
    const standalone = join(folder, ".next/standalone");
    cpSync(join(folder, ".next/static"), join(standalone, place, ".next/static"), { recursive: true });
    await elsewhere(standalone, (copy) =>
      running(join(copy, place), async (port) => {
        assert.match(await text(port, "/"), /<p>server component: (<!-- -->)?true<\/p>/);
        assert.equal(await text(port, "/api"), "true");
        assert.match(await text(port, "/client"), /<p>client component: (<!-- -->)?true<\/p>/);
        assert.match(await text(port, "/old"), /<p>page: (<!-- -->)?true<\/p>/);
        await inBrowser(context, async () => assert.equal(await client(port), true));
      }),
    );
  });
}
