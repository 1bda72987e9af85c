// For workerd: a request is answered with the report.
import { check } from "../check.mjs";
import * as bailiwick from "./package.mjs";

export default { fetch: async () => Response.json(await check(bailiwick)) };
