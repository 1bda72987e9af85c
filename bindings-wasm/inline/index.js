// The whole module inside the JavaScript, for builds and hosts that carry no other file.
import { initSync } from "../bailiwick.js";
import { base64 } from "./bytes.js";

initSync({ module: Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)) });

export * from "../engine.js";
