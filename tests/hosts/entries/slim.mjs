// For workerd, by the entry that loads nothing: the module is imported as Workers import one, and the package made ready by hand.
import module from "bailiwick/bailiwick.wasm";
import { createAuthzenHandler } from "bailiwick/authzen";
import { Follower } from "bailiwick/follow";
import { ConflictError, Publisher } from "bailiwick/publish";
import * as slim from "bailiwick/slim";

import { check } from "../check.mjs";

slim.initSync({ module });
// A second time does nothing.
slim.initSync({ module });

const bailiwick = { ...slim, createAuthzenHandler, Follower, ConflictError, Publisher };

export default { fetch: async () => Response.json(await check(bailiwick)) };
