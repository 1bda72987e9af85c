// AuthZEN: with the token it answers, from the same directory.
import assert from "node:assert/strict";
import { it } from "node:test";

import { json } from "./answers.mjs";

export function decisionPoint(place) {
  const evaluation = { subject: { type: "user", id: "usr_bob" }, action: { name: "file.delete" }, resource: { type: "file", id: "file_a" } };
  const post = (path, body, { token = place.token, ...more } = {}) =>
    place.world.ask(path, { method: "POST", key: token, headers: { "content-type": "application/json" }, body: JSON.stringify(body), ...more });

  it("evaluates", async () => {
    const caveats = ["not_project_aware", "usage_attributed_to_default_project"];
    assert.deepEqual(json(await post("/access/v1/evaluation", evaluation)), { decision: true, context: { reason: "project_role", caveats } });
    const other = { ...evaluation, resource: { type: "file", id: "file_b" } };
    assert.deepEqual(json(await post("/access/v1/evaluation", other)), { decision: false, context: { reason: "not_a_collaborator", caveats: [] } });
    const { evaluations } = json(await post("/access/v1/evaluations", { ...evaluation, evaluations: [{}, { resource: other.resource }] }));
    assert.deepEqual(evaluations.map(({ decision }) => decision), [true, false]);
  });

  it("searches", async () => {
    const { action, resource, subject } = evaluation;
    const resources = json(await post("/access/v1/search/resource", { subject, action, resource: { type: "file" } })).results;
    assert.deepEqual(resources, [{ type: "file", id: "file_a" }]);
    const subjects = json(await post("/access/v1/search/subject", { action, resource, subject: { type: "user" } })).results;
    assert.deepEqual(subjects.map(({ id }) => id), ["usr_ada", "usr_bob", "usr_zoe"]);
    const actions = json(await post("/access/v1/search/action", { subject, resource })).results;
    assert.deepEqual(actions.map(({ name }) => name), ["file.delete", "file.read", "file.update", "file.use"]);
  });

  it("lets nobody ask without its token", async () => {
    const { token: right, keys } = place;
    for (const token of [undefined, "", "x", `${right}x`, right.slice(0, -1), right.toUpperCase(), `${right} ${right}`, keys.ci]) {
      for (const path of ["evaluation", "evaluations", "search/subject", "search/resource", "search/action"]) {
        const headers = { "content-type": "application/json", ...(token !== undefined && { authorization: `Bearer ${token}` }) };
        const answer = await place.world.ask(`/access/v1/${path}`, { method: "POST", headers, body: JSON.stringify(evaluation) });
        assert.deepEqual([answer.status, answer.headers["www-authenticate"]], [401, "Bearer"]);
        assert.doesNotMatch(answer.text, /decision|results/);
      }
    }
  });

  it("is not the inference API, and that is not it", async () => {
    assert.equal((await post("/v1/responses", {})).status, 401);
    assert.equal((await post("/access/v1/evaluation/", evaluation)).status, 404);
    assert.equal((await post("//access/v1/evaluation", evaluation)).status, 404);
    assert.equal((await place.world.ask("/access/v1/evaluation", { key: place.token })).status, 405);
    assert.equal((await post("/access/v1/evaluation", {})).status, 400);
  });

  it("does not let a caller set the clock", async () => {
    const expired = { ...evaluation, subject: { type: "api_key", id: "key_old" }, context: { time: "2019-01-01T00:00:00Z" } };
    assert.deepEqual(json(await post("/access/v1/evaluation", expired)), { decision: false, context: { reason: "key_expired", caveats: [] } });
  });

  it("tells everybody where it is", async () => {
    const answer = await place.world.ask("/.well-known/authzen-configuration");
    const { origin } = place.world.url;
    assert.equal(answer.status, 200);
    assert.deepEqual(json(answer), {
      policy_decision_point: origin,
      access_evaluation_endpoint: `${origin}/access/v1/evaluation`,
      access_evaluations_endpoint: `${origin}/access/v1/evaluations`,
      search_subject_endpoint: `${origin}/access/v1/search/subject`,
      search_resource_endpoint: `${origin}/access/v1/search/resource`,
      search_action_endpoint: `${origin}/access/v1/search/action`,
    });
  });
}
