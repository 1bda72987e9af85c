// What an engine has been asked about lately: names and their numbers, and the words of its decisions. A name crosses into the module once; from then on
// its number does, which costs a few nanoseconds. All of it is forgotten with the next change, and bounded before.
import { scratch } from "./bailiwick.js";

// The parts of a question, as in number.rs.
const PRINCIPAL = 0, ACTION = 1, RESOURCE = 2, SURFACE = 3;
// What a name is that nothing has. As a surface: the principal's default one.
const UNKNOWN = -1;
// The outcomes of number.rs: allowed, with a scope, not to be had.
const ALLOWED = 1, SCOPED = 1 << 22, ASK_AGAIN = 2 ** 31;
// So many names are kept of each part. A few megabytes.
const MOST = 1 << 15;

const utf8 = new TextEncoder();
const KNOWN = Symbol("known");
const { checkAccess: decide } = Bailiwick.prototype;
let bytes = new Uint8Array(0);
