// For workerd, by the entry that loads nothing: the module is imported as Workers import one, and the package made ready by hand.
import module from "bailiwick/bailiwick.wasm";
import { createAuthzenHandler } from "bailiwick/authzen";
import * as slim from "bailiwick/slim";

import { check } from "../check.mjs";

slim.initSync({ module });
// A second time does nothing.
slim.initSync({ module });

const bailiwick = { ...slim, createAuthzenHandler };

export default { fetch: async () => Response.json(await check(bailiwick)) };
