// One start in a process of its own: compile, instantiate, load, decide. Prints how long each took, and how long work takes here that is always the
// same: a loop, and memory that is touched for the first time.
import { readFileSync } from "node:fs";
import { argv } from "node:process";

import { Bailiwick, initSync } from "bailiwick/slim";

const [, , modulePath, snapshotPath, keyPath] = argv;
const [bytes, snapshot] = [readFileSync(modulePath), readFileSync(snapshotPath)];
const options = keyPath && { publicKey: new Uint8Array(readFileSync(keyPath)) };

const times = [performance.now()];
const lap = () => times.push(performance.now());
const module = new WebAssembly.Module(bytes);
lap();
initSync({ module });
lap();
const guard = Bailiwick.fromSnapshot(snapshot, options);
lap();
guard.isAllowed("user:nobody", "file.read", "project:nowhere");
lap();
let sum = 0;
for (let number = 0; number < 1e7; number++) sum = (Math.imul(sum, 31) + number) | 0;
sum += new Uint8Array(1 << 23).fill(sum)[1];
lap();

const [compile, instantiate, load, decide, reference] = times.slice(1).map((time, index) => time - times[index]);
console.log(JSON.stringify({ start: compile + instantiate + load + decide, compile, instantiate, load, decide, reference, sum }));
