// For hosts that are a command: the report goes to the standard output.
import { FolderStore } from "bailiwick/folder";

import { check } from "../check.mjs";
import * as bailiwick from "./package.mjs";

console.log(JSON.stringify(await check({ ...bailiwick, folder: new FolderStore(new URL("../../feed/", import.meta.url)) })));
