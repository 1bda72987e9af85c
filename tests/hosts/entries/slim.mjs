// For workerd, by the entry that loads nothing: the module is imported as Workers import one, and the package made ready by hand.
import module from "bailiwick/bailiwick.wasm";
import * as bailiwick from "bailiwick/slim";

import { check } from "../check.mjs";

bailiwick.initSync({ module });
// A second time does nothing.
bailiwick.initSync({ module });

export default { fetch: async () => Response.json(await check(bailiwick)) };
