// The worker as it would be deployed, in workerd, asked over HTTP: `node --test test.mjs`. Each file in checks/ is about one thing.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, describe, it } from "node:test";
import assert from "node:assert/strict";

import { cold } from "./checks/cold.mjs";
import { cutOff } from "./checks/cut-off.mjs";
import { damage } from "./checks/damage.mjs";
import { decisionPoint } from "./checks/decision-point.mjs";
import { first } from "./checks/first.mjs";
import { following } from "./checks/following.mjs";
import { inference } from "./checks/inference.mjs";
import { settings } from "./checks/settings.mjs";
import { smuggling } from "./checks/smuggling.mjs";
import { Place } from "./simulated/place.mjs";
import { obstacle, project } from "./simulated/project.mjs";

const why = await obstacle();
if (why !== undefined && process.env.CI) throw new Error(`on CI the worker has to run: ${why}`);
if (why !== undefined) console.log(`not run: ${why}`);

describe("the edge worker", { skip: why, timeout: 120_000 }, () => {
  // Miniflare is not there where the test is skipped.
  const place = new Place();
  before(async () => {
    const folder = project();
    const { bundle } = await import("./simulated/bundle.mjs");
    await place.open(folder, await bundle(folder), await import(pathToFileURL(join(folder, "publish.mjs"))));
  });
  after(() => place.close());

  describe("in an isolate that is new", () => first(place));
  describe("the inference API", () => inference(place));
  describe("what attackers try", () => smuggling(place));
  describe("the decision point", () => decisionPoint(place));
  describe("follows the control plane", () => following(place));
  describe("is given what is damaged or forged", () => damage(place));
  describe("is cut off", () => cutOff(place));
  describe("starts where nothing is right", () => cold(place));
  describe("is set up wrongly", () => settings(place));

  it("has told nobody a secret", () => {
    const said = place.worlds.flatMap(({ log, answers }) => [...log, ...answers.map((answer) => JSON.stringify(answer))]);
    assert.ok(said.length > 100 && place.secrets.length >= 10);
    for (const line of said) {
      assert.ok(!place.secrets.some((secret) => line.includes(secret)), "there is a secret in what was said");
      assert.doesNotMatch(line, /sha256:[0-9a-f]{64}/);
    }
  });
});
