// The line that users write, the same in every host that has modules. It is all there is: nobody calls an init.
export { analysePolicy, authzenMetadata, Bailiwick, BailiwickError, builtInPolicy, findFaults, isBailiwickError, newApiKey, publicKeyOf, version } from "bailiwick";
export { createAuthzenHandler } from "bailiwick/authzen";
export { Follower } from "bailiwick/follow";
export { ConflictError, Publisher } from "bailiwick/publish";
