// Puts the example's requests to the npm package and prints the answers as one JSON document.
import { readFileSync } from "node:fs";

import { Bailiwick } from "bailiwick";

const [directory, requests] = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, "utf8")));
const guard = Bailiwick.fromDirectory(directory);
const access = requests.access.map(({ request }) => guard.checkAccess(request));
const usage = requests.usage.map(({ usage }) => guard.attribute(usage));
process.stdout.write(JSON.stringify({ access, usage }));
