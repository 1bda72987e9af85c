// The first requests of an isolate come together, the directory is loaded once, and it does not matter that the client who began it has hung up.
import assert from "node:assert/strict";
import { it } from "node:test";

import { eventually } from "../simulated/patience.mjs";

export function first(place) {
  it("loads the directory once for all requests", async () => {
    const { world, keys } = place;
    assert.deepEqual(world.reads, []);
    world.store = "slow";
    const impatient = new AbortController();
    const hungUp = world.ask("/v1/files/file_a", { key: keys.ci, signal: impatient.signal }).catch(({ name }) => name);
    await eventually(() => world.reads.length > 0, "the first read");
    impatient.abort();
    assert.equal(await hungUp, "AbortError");
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.ask("/v1/files/file_a", { key: keys.ci })));
    world.store = "up";
    assert.deepEqual(answers.map(({ status }) => status), Array(20).fill(201));
    assert.equal(world.reads.filter((key) => key === "snapshot").length, 1);
  });
}
