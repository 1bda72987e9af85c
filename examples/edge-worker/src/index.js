// The worker. Whatever goes wrong in it ends in an answer that allows nothing and tells nothing.
import { isBailiwickError } from "bailiwick";

import { failed } from "./answers.js";
import { decisionPoint, isDecisionPoint } from "./authzen.js";
import { directoryIn } from "./directory.js";
import { inferenceApi } from "./inference.js";
import { settingsOf } from "./settings.js";

/** @import { Context, Env } from "./platform.js" */

/** @type {((request: Request, context: Context) => Promise<Response>) | undefined} One for each isolate, made at its first request. */
let answer;

/** @param {Env} env */
function compose(env) {
  const settings = settingsOf(env);
  const directory = directoryIn(env.DIRECTORY, settings);
  const authzen = decisionPoint(directory, settings);
  const inference = inferenceApi(directory, settings, env.UPSTREAM);
  return (/** @type {Request} */ request, /** @type {Context} */ context) =>
    isDecisionPoint(new URL(request.url).pathname) ? authzen(request, context) : inference(request, context);
}

export default {
  /**
   * @param {Request} request
   * @param {Env} env
   * @param {Context} context
   */
  async fetch(request, env, context) {
    try {
      answer ??= compose(env);
      return await answer(request, context);
    } catch (fault) {
      console.error(`internal error: ${described(fault)}`);
      return failed();
    }
  },
};

// What and where, and not the message: that may repeat what a caller sent.
/** @param {unknown} fault */
function described(fault) {
  if (!(fault instanceof Error)) return typeof fault;
  const [where = "somewhere"] = fault.stack?.match(/(?<=\n *)at .*/) ?? [];
  return `${isBailiwickError(fault) ? fault.code : fault.name} ${where}`;
}
