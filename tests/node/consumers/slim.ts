// The host brings the module itself.
import module from "bailiwick/bailiwick.wasm";
import { Bailiwick, initSync } from "bailiwick/slim";
import { Bailiwick as OfTheIndex } from "bailiwick";

initSync({ module });
initSync({ module: new Uint8Array(8) });

// Both entries export one class.
const guard: OfTheIndex = Bailiwick.fromSnapshot(new Uint8Array(8));
export const same: Bailiwick = guard;

// @ts-expect-error no module is no module
initSync({ module: undefined });
// @ts-expect-error a name of a file is none either
initSync({ module: "bailiwick.wasm" });
