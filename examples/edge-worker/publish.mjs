// The control plane: it holds the directory and the signing key, makes changes, and puts what is new where workers read it.
//
//   node publish.mjs key signing.key            makes a signing key, and prints the public key
//   node publish.mjs state/ [changes.json]      makes the changes, and prints the commands that put them into KV: `… | sh -e` does it
//
// The signing key comes from BAILIWICK_SIGNING_KEY (64 hexadecimal digits) or from the file that BAILIWICK_SIGNING_KEY_FILE names.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { Bailiwick, isBailiwickError, newApiKey, publicKeyOf } from "bailiwick";

// KV keeps nothing for less than a minute.
const SHORTEST_LIFE = 60;

const hex = (bytes) => Buffer.from(bytes).toString("hex");

export class ControlPlane {
  #put;
  #signingKey;
  #maxAgeSeconds;
  // Where workers may be: revisions that were published, or begun to be.
  #reached;
  #last = Promise.resolve();

  // `put(key, bytes, { expirationTtl })` is that of a KV namespace.
  constructor(guard, put, { signingKey, maxAgeSeconds = 600 }) {
    this.guard = guard;
    this.#put = put;
    this.#signingKey = signingKey;
    this.#maxAgeSeconds = maxAgeSeconds;
    this.#reached = new Set([guard.revision]);
    // Deltas begin where a snapshot was made or loaded.
    guard.toSnapshot();
  }

  static begin(document, put, options) {
    return new ControlPlane(Bailiwick.fromDirectory(document), put, options);
  }

  // Goes on from what was published last.
  static resume(snapshot, put, options) {
    return new ControlPlane(Bailiwick.fromSnapshot(snapshot, { publicKey: publicKeyOf(options.signingKey) }), put, options);
  }

  // What workers verify with.
  get publicKey() {
    return hex(publicKeyOf(this.#signingKey));
  }

  // The secret of a new key. It is nowhere else: show it to its owner, once.
  createKey(fields, actor) {
    const { secret, digest } = newApiKey({ prefix: "acme" });
    this.guard.apply({ type: "create_api_key", ...fields, digest }, { actor });
    return secret;
  }

  // The present state, to go on from later.
  keep() {
    return this.guard.toSnapshot(this.#issue());
  }

  // Puts everything since the last time, or that nothing has changed. Workers want to hear that as well: at least twice in `maxAgeSeconds`.
  publish({ issuedAt, maxAgeSeconds } = {}) {
    // One after the other: two at once would write over each other's deltas.
    const issue = this.#issue(issuedAt, maxAgeSeconds);
    const done = this.#last.then(() => this.#publish(issue));
    this.#last = done.catch(() => {});
    return done;
  }

  // All that is signed says when, and for how long it is good: without that it would be good for ever, wherever it gets to.
  #issue(issuedAt = Date.now(), maxAgeSeconds = this.#maxAgeSeconds) {
    if (issuedAt === null || !(maxAgeSeconds > 0)) throw new Error("what never becomes stale is not signed");
    return { signingKey: this.#signingKey, issuedAt, maxAgeSeconds };
  }

  async #publish(issue) {
    const { guard } = this;
    const { revision } = guard;
    // A worker that is further behind is stale, and needs the snapshot: older deltas are of no use.
    const life = { expirationTtl: Math.max(SHORTEST_LIFE, 2 * this.#maxAgeSeconds) };
    const end = guard.toDelta(revision, issue);
    const links = [...this.#reached].filter((since) => since !== revision).map((since) => [since, deltaOr(end, guard, since, issue)]);
    const snapshot = guard.toSnapshot(issue);
    // The end of the chain comes first, so that whoever gets there finds something.
    await this.#put(`deltas/${revision}`, end, life);
    // From here on some may get there, even if the rest fails: the next time begins there too.
    this.#reached.add(revision);
    await this.#put("snapshot", snapshot, {});
    for (const [since, delta] of links) await this.#put(`deltas/${since}`, delta, life);
    this.#reached = new Set([revision]);
  }
}

// More changes than an engine remembers make no delta. Then any delta that does not fit will do: it sends workers to the snapshot.
function deltaOr(other, guard, since, issue) {
  try {
    return guard.toDelta(since, issue);
  } catch (fault) {
    if (isBailiwickError(fault) && fault.code === "delta_gap") return other;
    throw fault;
  }
}

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
  console.log(`PUBLIC_KEY ${hex(publicKeyOf(signingKey))}`);
}

async function publishTo(folder, changes) {
  const kept = join(folder, "directory");
  const commands = [];
  mkdirSync(folder, { recursive: true });
  const put = async (key, bytes, { expirationTtl }) => {
    const file = join(folder, key.replace("/", "-"));
    writeFileSync(file, bytes);
    const life = expirationTtl === undefined ? "" : ` --ttl ${expirationTtl}`;
    commands.push(`npx wrangler kv key put ${key} --path '${file.replaceAll("'", "'\\''")}'${life} --binding DIRECTORY --remote`);
  };
  const options = { signingKey: signingKeyFrom(process.env) };
  const plane = existsSync(kept)
    ? ControlPlane.resume(readFileSync(kept), put, options)
    : ControlPlane.begin(readFileSync(new URL("directory.json", import.meta.url), "utf8"), put, options);
  for (const { change, ...options } of changes) plane.guard.apply(change, options);
  await plane.publish();
  writeFileSync(kept, plane.keep());
  console.error(`revision ${plane.guard.revision}`);
  console.log(commands.join("\n"));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [first, second] = process.argv.slice(2);
  if (first === "key" && second !== undefined) makeKey(second);
  else if (first !== undefined) await publishTo(first, second === undefined ? [] : JSON.parse(readFileSync(second, "utf8")));
  else console.log(readFileSync(fileURLToPath(import.meta.url), "utf8").match(/(?<=^\/\/ +)node .*/gm).join("\n"));
}
