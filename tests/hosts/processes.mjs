// Processes of hosts, which are always ended.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

// The time limit of a step in milliseconds. The slowest takes a few seconds, and has taken half a minute during a build of Rust.
export const PATIENCE = 60_000;

// A host that is not installed here. It is distinguished from a failure: it fails only on CI.
export class NotHere extends Error {}

// Waits until the time limit.
export function within(promise, what, patience = PATIENCE) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${patience / 1000} s`)), patience);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const alive = new Set();
const ending = new AbortController();
// For processes that others start: aborted when this process ends.
export const { signal: theEnd } = ending;

// Each program has a process group of its own, so that its children end with it; a signal to this process then does not reach them by
// itself.
export function start(program, args, options) {
  const child = spawn(program, args, { ...options, detached: true });
  alive.add(child);
  child.once("exit", () => alive.delete(child));
  return child;
}

export function end(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended by itself, or never started.
  }
}

process.on("exit", () => {
  ending.abort();
  alive.forEach(end);
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));

// The standard output of a program that succeeds.
export async function run(program, args, { cwd = root, env = {}, patience = PATIENCE } = {}) {
  const child = start(program, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const [output, complaints] = [[], []];
  child.stdout.on("data", (bytes) => output.push(bytes));
  child.stderr.on("data", (bytes) => complaints.push(bytes));
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) return resolve(Buffer.concat(output).toString());
      reject(new Error(`${program} ended with ${code ?? signal}\n${Buffer.concat([...complaints, ...output]).toString().slice(0, 2000)}`));
    });
  });
  try {
    return await within(ended, program, patience);
  } finally {
    end(child);
  }
}

// A program that npm has installed, and its version.
export async function tool(name) {
  const program = join(root, "node_modules/.bin", name);
  if (!existsSync(program)) throw new NotHere(`npm has not installed ${name}`);
  try {
    const said = await run(program, ["--version"]);
    return { program, version: said.match(/\d[\w.-]*/)[0] };
  } catch (error) {
    throw new NotHere(`${name} does not run here: ${error.message.split("\n")[0]}`);
  }
}
