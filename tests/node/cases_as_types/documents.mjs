// The cases and the documents that they name.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { bundle } from "../../suite/bundle.mjs";
import { named as documentOf } from "../../suite/documents.mjs";
import { root } from "../compiler.mjs";

export { has, tokens } from "../../suite/documents.mjs";

const { documents } = bundle();

export const read = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));
export const named = (folder, source) => documentOf(documents, folder, source);
