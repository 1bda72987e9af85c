// The server of the pages and their reports. It is as strict as a careful host: exact types, no sniffing, and the policy as a header.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".snapshot": "application/octet-stream" };

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

// Serves a folder, or what `others` serves. `report` is what the page posts; `missing` lists the requests for files that do not exist.
export async function serve({ folder, policy, others }) {
  const missing = [];
  let arrived;
  const report = new Promise((resolve) => (arrived = resolve));

  function file(path, response) {
    const type = TYPES[extname(path)];
    try {
      if (type === undefined) throw new Error(`${path} has no type`);
      const bytes = readFileSync(join(folder, normalize(path)));
      response.writeHead(200, { "Content-Type": type, "X-Content-Type-Options": "nosniff", ...(policy && { "Content-Security-Policy": policy }) });
      response.end(bytes);
    } catch {
      missing.push(path);
      response.writeHead(404).end();
    }
  }

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://127.0.0.1");
    if (request.method === "POST" && pathname === "/report") {
      try {
        arrived(JSON.parse(await body(request)));
        return response.writeHead(204).end();
      } catch {
        // The browser was closed during the request, since the page took too long.
        return response.destroy();
      }
    }
    // Browsers request it by themselves.
    if (pathname === "/favicon.ico") return response.writeHead(204).end();
    if (others) return others(request, response);
    file(pathname.endsWith("/") ? `${pathname}index.html` : pathname, response);
  });
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    report,
    missing,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
