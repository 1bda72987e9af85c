// A feed in a folder, for Node.js, Deno and Bun. Any server of files can serve it, and other languages may write to the same folder: they have the same
// lock, and the same tags.
import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { UNCHANGED } from "./feed_stores.js";
import { wrongType } from "./own_options.js";

// For so many milliseconds a writer waits for another, before it takes the lock for one that a crash has left.
const PATIENCE = 10_000;

export class FolderStore {
  // Its writes take conditions.
  isConditional = true;
  #folder;

  constructor(path) {
    if (!(typeof path === "string" && path !== "") && !(path instanceof URL && path.protocol === "file:")) throw wrongType("path", "expected the path of a folder");
    this.#folder = resolve(typeof path === "string" ? path : fileURLToPath(path));
  }

  async get(key, seen) {
    const file = await orNull(open(join(this.#folder, key)));
    if (file === null) return null;
    try {
      const tag = tagOf(await file.stat({ bigint: true }));
      return tag === seen ? UNCHANGED : { bytes: new Uint8Array(await file.readFile()), tag };
    } finally {
      await file.close();
    }
  }

  async put(key, bytes, seen) {
    const place = join(this.#folder, key);
    await mkdir(dirname(place), { recursive: true });
    const draft = join(dirname(place), `.${basename(place)}.${token()}.new`);
    let tag;
    try {
      tag = await write(draft, bytes);
      if (!(await this.#inTurn(() => this.#replace(draft, place, seen)))) return null;
    } finally {
      await orNull(unlink(draft));
    }
    await sync(dirname(place));
    return tag;
  }

  async delete(key) {
    await orNull(unlink(join(this.#folder, key)));
  }

  // Steps of a write that has its turn. Between them it asks whether it still has.
  async *#replace(draft, place, seen) {
    const there = await orNull(stat(place, { bigint: true }));
    if ((there && tagOf(there)) !== seen) return false;
    yield;
    await rename(draft, place);
    return true;
  }

  // Holds the lock meanwhile. False if it was taken away.
  async #inTurn(work) {
    const [lock, mine] = [join(this.#folder, ".lock"), token()];
    const isMine = async () => (await orNull(readFile(lock, "ascii"))) === mine;
    await take(lock, mine);
    try {
      const steps = work();
      for (;;) {
        const { done, value } = await steps.next();
        if (done) return value;
        if (!(await isMine())) return false;
      }
    } finally {
      if (await isMine()) await orNull(unlink(lock));
    }
  }
}

async function take(lock, mine) {
  for (let since = performance.now(); ; ) {
    try {
      const file = await open(lock, "wx");
      await file.writeFile(mine);
      return await file.close();
    } catch (fault) {
      if (fault.code !== "EEXIST") throw fault;
    }
    if (performance.now() - since > PATIENCE) {
      await takeAway(lock);
      since = performance.now();
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

// Removes a lock whose holder has had time enough. Of several, one succeeds: renaming fails for the others.
async function takeAway(lock) {
  try {
    if (Date.now() - (await stat(lock)).mtimeMs <= PATIENCE) return;
    const gone = `${lock}.${token()}`;
    await rename(lock, gone);
    await unlink(gone);
  } catch {
    // Somebody was quicker.
  }
}

async function write(path, bytes) {
  const file = await open(path, "wx");
  try {
    await file.writeFile(bytes);
    await file.sync();
    return tagOf(await file.stat({ bigint: true }));
  } finally {
    await file.close();
  }
}

// What is in a folder is not safe before the folder is. Windows has no such thing.
async function sync(folder) {
  if (process.platform === "win32") return;
  const file = await open(folder, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

// Null for a file that is not there.
function orNull(promise) {
  return promise.catch((fault) => {
    if (fault.code === "ENOENT" || fault.code === "ENOTDIR") return null;
    throw fault;
  });
}

const token = () => randomBytes(8).toString("hex");
const tagOf = ({ mtimeNs, size, ino }) => [mtimeNs, size, ino].map((part) => part.toString(16)).join("-");
