// For browsers: the report goes to the server that the page is from.
import { check } from "../check.mjs";
import * as bailiwick from "./package.mjs";

await fetch("/report", { method: "POST", body: JSON.stringify(await check(bailiwick)) });
