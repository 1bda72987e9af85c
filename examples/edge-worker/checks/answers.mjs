// How checks look at answers.
import assert from "node:assert/strict";

export const json = ({ text }) => JSON.parse(text);

// The headers of ours that an answer, or a request to the upstream, has.
export const booked = ({ headers }) => Object.fromEntries(Object.entries(headers).filter(([name]) => name.includes("bailiwick")));

export function assertError(answer, status, body) {
  assert.deepEqual([answer.status, json(answer)], [status, body]);
  assert.deepEqual(booked(answer), {});
  assert.equal(answer.headers["cache-control"], "no-store");
}

export const assertDenied = (answer, reason) => assertError(answer, 403, { error: "forbidden", reason });

export function assertUnavailable(answer, reason) {
  assertError(answer, 503, { error: "unavailable", reason });
  assert.match(answer.headers["retry-after"], /^[1-9]\d*$/);
}

export function assertUnauthenticated(answer) {
  assertError(answer, 401, { error: "unauthenticated" });
  assert.equal(answer.headers["www-authenticate"], "Bearer");
}
