// `using`, for consumers that have it among their libraries.
import { Bailiwick } from "bailiwick";

export function ask(snapshot: Uint8Array): boolean {
  using guard = Bailiwick.fromSnapshot(snapshot);
  const disposable: Disposable = guard;
  return guard.isAllowed("user:a", "file.read", "project:p") && disposable !== null;
}
