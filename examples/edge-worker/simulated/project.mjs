// The example as a user has it: a folder of its own, with the package that npm installed. In the package's repository that is a copy in target/ with
// the tarball of dist/; anywhere else it is this folder, after `npm install`.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("../", import.meta.url));
const repository = fileURLToPath(new URL("../../../", import.meta.url));
const FILES = ["src", "publish.mjs", "directory.json"];

export function project() {
  if (!existsSync(join(repository, "bindings-wasm"))) return here;
  const dist = join(repository, "dist");
  const [tarball, ...others] = existsSync(dist) ? readdirSync(dist).filter((name) => /^bailiwick-.*\.tgz$/.test(name)) : [];
  if (tarball === undefined || others.length > 0) throw new Error("dist/ should have one tarball: `make package` makes it");
  const folder = join(repository, "target/edge-worker");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"private": true, "type": "module"}\n');
  for (const file of FILES) cpSync(join(here, file), join(folder, file), { recursive: true });
  // Without a registry: the package needs no other.
  const install = ["install", "--offline", "--no-audit", "--no-fund", "--loglevel=error", join(dist, tarball)];
  execFileSync("npm", install, { cwd: folder, stdio: ["ignore", "pipe", "inherit"], timeout: 60_000 });
  return folder;
}

// Why the worker cannot be run on this machine; undefined if it can.
export async function obstacle() {
  try {
    await import("miniflare");
    const { default: workerd } = await import("workerd");
    execFileSync(workerd.default, ["--version"], { stdio: "ignore", timeout: 30_000 });
    return undefined;
  } catch (fault) {
    return `workerd does not run here: ${fault.message.split("\n")[0]}`;
  }
}
