// One start in a process of its own: from the import line to the first decision. Prints how long that took, and how long a fixed loop takes here.
import { readFileSync } from "node:fs";
import { argv } from "node:process";

const [, , snapshotPath, keyPath] = argv;
const [snapshot, publicKey] = [readFileSync(snapshotPath), new Uint8Array(readFileSync(keyPath))];

const begin = performance.now();
const { Bailiwick } = await import("bailiwick");
const ready = performance.now();
const guard = Bailiwick.fromSnapshot(snapshot, { publicKey });
const loaded = performance.now();
guard.isAllowed("user:nobody", "file.read", "project:nowhere");
const end = performance.now();

let sum = 0;
for (let number = 0; number < 2e7; number++) sum = (Math.imul(sum, 31) + number) | 0;
const reference = performance.now() - end;
console.log(JSON.stringify({ start: end - begin, module: ready - begin, load: loaded - ready, decision: end - loaded, reference, sum }));
