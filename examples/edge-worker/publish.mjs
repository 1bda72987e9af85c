// The control plane: it holds the directory and the signing key, makes changes, and puts what is new where workers read it.
//
//   node publish.mjs key signing.key            makes a signing key, and prints the public key
//   node publish.mjs state/ [changes.json]      makes the changes, and prints the commands that put them into KV: `… | sh -e` does it
//
// The signing key comes from BAILIWICK_SIGNING_KEY (64 hexadecimal digits) or from the file that BAILIWICK_SIGNING_KEY_FILE names.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { Bailiwick, newApiKey, publicKeyOf } from "bailiwick";
import { FolderStore } from "bailiwick/folder";
import { Publisher } from "bailiwick/publish";

const hex = (bytes) => Buffer.from(bytes).toString("hex");

// Goes on from what is in the store, or begins with directory.json.
export function controlPlane(store, { maxAgeSeconds = 600, ...options }) {
  const start = () => Bailiwick.fromDirectory(readFileSync(new URL("directory.json", import.meta.url), "utf8"));
  return Publisher.resume(store, start, { maxAgeSeconds, ...options });
}

// The secret of a new key. It is nowhere else: show it to its owner, once.
export function createKey(guard, fields, actor) {
  const { secret, digest } = newApiKey({ prefix: "acme" });
  guard.apply({ type: "create_api_key", ...fields, digest }, { actor });
  return secret;
}

// What workers verify with.
export const publicKeyFor = (signingKey) => hex(publicKeyOf(signingKey));

// 32 bytes. Neither they nor what stands there instead are repeated in a message.
export function signingKeyFrom({ BAILIWICK_SIGNING_KEY: key, BAILIWICK_SIGNING_KEY_FILE: file }) {
  const text = (key ?? (file === undefined ? "" : readFileSync(file, "utf8"))).trim();
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new Error("the signing key is not there, or not 64 hexadecimal digits");
  return Buffer.from(text, "hex");
}

function makeKey(file) {
  const signingKey = crypto.getRandomValues(new Uint8Array(32));
  // Never over another one: workers know its public key.
  writeFileSync(file, `${hex(signingKey)}\n`, { mode: 0o600, flag: "wx" });
  console.log(`PUBLIC_KEY ${publicKeyFor(signingKey)}`);
}

// A folder has what KV is to have. The commands carry over what was written.
async function publishTo(folder, changes) {
  const files = new FolderStore(folder);
  // In the order in which each was written last.
  const commands = new Map();
  const note = (key, command) => {
    commands.delete(key);
    commands.set(key, `npx wrangler kv key ${command} --binding DIRECTORY --remote`);
  };
  const store = {
    isConditional: true,
    get: (key, seen) => files.get(key, seen),
    async put(key, bytes, seen) {
      const tag = await files.put(key, bytes, seen);
      if (tag !== null) note(key, `put ${key} --path '${join(folder, key).replaceAll("'", "'\\''")}'`);
      return tag;
    },
    async delete(key) {
      await files.delete(key);
      note(key, `delete ${key}`);
    },
  };
  const publisher = await controlPlane(store, { signingKey: signingKeyFrom(process.env) });
  for (const { change, ...options } of changes) publisher.guard.apply(change, options);
  const { revision } = await publisher.publish();
  console.error(`revision ${revision}`);
  console.log([...commands.values()].join("\n"));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [first, second] = process.argv.slice(2);
  if (first === "key" && second !== undefined) makeKey(second);
  else if (first !== undefined) await publishTo(first, second === undefined ? [] : JSON.parse(readFileSync(second, "utf8")));
  else console.log(readFileSync(fileURLToPath(import.meta.url), "utf8").match(/(?<=^\/\/ +)node .*/gm).join("\n"));
}
