// Hosts that are pages: a Vite build, Vite's development server, and no bundler at all.
import { createHash } from "node:crypto";
import { cpSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { find, visit } from "./browsers.mjs";
import { example } from "./examples.mjs";
import { root, run, within } from "./processes.mjs";
import { manifest } from "./projects.mjs";
import { serve } from "./server.mjs";

export const script = (path) => `<script type="module" src="${path}"></script>`;
export const document = (head) => `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Bailiwick</title>\n<body></body>\n${head}\n</html>\n`;
const QUESTIONS = "/hosts/entries/page.mjs";
// The contents that an example leaves on the page are its report.
export const REPORT = 'await fetch("/report", { method: "POST", body: JSON.stringify(document.body.textContent) });';
// The strictest policy for a page that compiles WebAssembly.
export const strict = (...scripts) => `default-src 'none'; script-src ${["'self'", "'wasm-unsafe-eval'", ...scripts].join(" ")}; connect-src 'self'`;

// `open` returns the report of a page with a script.
const page = (name, browser, open) => ({
  name,
  async ask(project) {
    // Nothing is built for a browser that is not installed.
    find(browser);
    return open(project, browser, QUESTIONS);
  },
  async show(project) {
    writeFileSync(join(project, "main.js"), `${example("Vite and other bundlers")}\n${REPORT}\n`);
    // The folder whose files Vite copies unchanged.
    cpSync(join(project, "directory.snapshot"), join(project, "public/directory.snapshot"));
    return (await open(project, browser, "/main.js")).report;
  },
});

async function visited(browser, options) {
  const server = await serve(options);
  try {
    return await visit(browser, server);
  } finally {
    server.close();
  }
}

// --- no bundler ---

// The file of a target for a browser that imports.
const resolved = (target) => (typeof target === "string" ? target : target && resolved(target.browser ?? target.import ?? target.default));

// Every module of the package that a browser may import, by its usual name.
function importMap(project) {
  const imports = {};
  for (const [path, target] of Object.entries(manifest(project).exports)) {
    const file = resolved(target);
    if (file?.endsWith(".js")) imports[join("bailiwick", path)] = join("/node_modules/bailiwick", file);
  }
  return JSON.stringify({ imports });
}

function plain(project, browser, path) {
  // The example has its own.
  const head = path === QUESTIONS ? `<script type="importmap">${importMap(project)}</script>\n${script(path)}` : example("A plain page", "html");
  writeFileSync(join(project, "index.html"), document(head));
  const [, map] = head.match(/<script type="importmap">(.*?)<\/script>/);
  const hash = createHash("sha256").update(map).digest("base64");
  return visited(browser, { folder: project, policy: strict(`'sha256-${hash}'`) });
}

// --- Vite, without plugins and without a configuration ---

const VITE = join(root, "node_modules/vite/bin/vite.js");
const viteVersion = () => JSON.parse(readFileSync(join(root, "node_modules/vite/package.json"), "utf8")).version;
const named = ({ version, report }) => ({ version: `${viteVersion()}, ${version}`, report });

// One module, and no code that a strict policy would forbid, even if it does not run.
export function inspect(folder) {
  const files = readdirSync(folder, { recursive: true });
  const modules = files.filter((name) => name.endsWith(".wasm"));
  if (modules.length !== 1) throw new Error(`the build has not one .wasm but ${modules.length}: ${modules.join(", ")}`);
  for (const name of files.filter((name) => /\.m?js$/.test(name))) {
    const found = readFileSync(join(folder, name), "utf8").match(/\beval\s*\)?\s*\(|\bFunction\s*\(/);
    if (found) throw new Error(`${name} has \`${found[0]}\``);
  }
}

async function built(project, browser, path) {
  writeFileSync(join(project, "index.html"), document(script(path)));
  await run(process.execPath, [VITE, "build"], { cwd: project });
  const folder = join(project, "dist");
  inspect(folder);
  return named(await visited(browser, { folder, policy: strict() }));
}

async function developed(project, browser, path) {
  writeFileSync(join(project, "index.html"), document(script(path)));
  const { createServer } = await import("vite");
  const server = { middlewareMode: true, hmr: false, watch: null };
  const vite = await within(createServer({ root: project, configFile: false, logLevel: "error", server }), "the start of Vite");
  try {
    return named(await visited(browser, { others: vite.middlewares }));
  } finally {
    await within(vite.close(), "closing Vite");
  }
}

export const pages = [
  page("vite build", "chromium", built),
  page("vite dev", "chromium", developed),
  page("page in chromium", "chromium", plain),
  page("page in firefox", "firefox", plain),
];
