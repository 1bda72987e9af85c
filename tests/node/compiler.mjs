// The compiler of the workspace, as users run it.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the compiler says about a project, one complaint a line; nothing where all is well. */
export function complaints(project) {
  const { status, stdout, stderr, error } = spawnSync("npx", ["--no-install", "tsc", "--project", project, "--pretty", "false"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (error) throw error;
  const read = new Map();
  const linesOf = (path) => {
    if (!read.has(path)) read.set(path, readFileSync(join(root, path), "utf8").split("\n"));
    return read.get(path);
  };
  // What is indented goes on about the line before.
  const found = stdout.split("\n").filter((line) => line !== "" && !line.startsWith(" "));
  for (const [index, complaint] of found.entries()) found[index] = named(complaint, linesOf);
  return status === 0 || found.length > 0 ? found : [stderr || `tsc ended with ${status}`];
}

// With the note of the case, which is in the line itself if that was to be refused, else in the one before.
function named(complaint, linesOf) {
  const [, path, number] = /^(target\/.*)\((\d+),\d+\)/.exec(complaint) ?? [];
  const note = path && [1, 2].map((before) => linesOf(path)[number - before]).find((line) => line?.startsWith("// "));
  return note ? `${note.slice(3)}: ${complaint.slice(0, 300)}` : complaint;
}
