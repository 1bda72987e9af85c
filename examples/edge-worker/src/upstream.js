// What stands behind the worker. It is told what was decided here, and nothing that a client made up.
import { badGateway } from "./answers.js";

/** @import { Attribution } from "bailiwick" */
/** @import { Service } from "./platform.js" */

// The client's headers that are passed on. No others: not its key, nor a name that some server on the way reads as one of ours
// (`x_bailiwick_project`), nor one that means another method or path to it.
const PASSED_ON = ["accept", "content-encoding", "content-type", "idempotency-key", "traceparent", "user-agent"];
const OURS = "x-bailiwick-";

/**
 * @param {Request} request
 * @param {string} target
 * @param {Attribution} attribution
 * @param {Service} [upstream]
 */
export async function forward(request, target, attribution, upstream = pretend) {
  const booked = headersOf(attribution);
  const headers = new Headers(booked);
  for (const name of PASSED_ON) {
    const value = request.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  const { method } = request;
  // What a GET brings along means nothing, and may mean something to others.
  const body = method === "GET" ? null : request.body;
  let response;
  try {
    response = await upstream.fetch(new Request(new URL(target, "https://upstream"), { method, headers, body, redirect: "manual" }));
  } catch (fault) {
    console.error(`upstream: ${fault instanceof Error ? fault.name : typeof fault}`);
    return badGateway();
  }
  const answer = new Response(response.body, response);
  for (const name of [...answer.headers.keys()]) if (name.startsWith(OURS)) answer.headers.delete(name);
  for (const [name, value] of booked) answer.headers.set(name, value);
  answer.headers.set("cache-control", "no-store");
  return answer;
}

/**
 * Where it is booked, as headers. One that is absent lies outside the directory.
 *
 * @param {Attribution} attribution
 * @returns {[string, string][]}
 */
function headersOf({ organization, project, reason, certainty, api_key: key, revision }) {
  const values = { Organization: organization, Project: project, Reason: reason, Certainty: certainty, "Api-Key": key, Revision: String(revision) };
  // Ids may be any text, headers not: what is neither a letter nor a digit is percent-encoded.
  return Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[`X-Bailiwick-${name}`, encodeURIComponent(value)]]));
}

// Answers where no `UPSTREAM` is bound, so that the example runs by itself.
const pretend = {
  /** @param {Request} request */
  fetch: async ({ method, url }) => Response.json({ upstream: "pretend", method, path: new URL(url).pathname }),
};
