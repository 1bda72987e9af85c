// The line that users write, the same in every host that has modules. It is all there is: nobody calls an init.
export { authzenMetadata, Bailiwick, BailiwickError, isBailiwickError, newApiKey, publicKeyOf, version } from "bailiwick";
export { createAuthzenHandler } from "bailiwick/authzen";
