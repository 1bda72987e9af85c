// What followers and publishers have to do with their host: waiting with an end, hooks, and the module that the host loads.

// What the promise gives, or an error after so many seconds: what never answers would stop everything.
export function within(seconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// Calls a hook. Its failure is its own.
export function call(hook, ...values) {
  try {
    // One that is asynchronous fails later.
    Promise.resolve(hook?.(...values)).catch((fault) => console.error(fault));
  } catch (fault) {
    console.error(fault);
  }
}

// What the module makes. Without the module that would be a TypeError, which tells nobody anything.
export function made(make) {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new Error("the package is not loaded: import `bailiwick` as well, or call `initSync` of `bailiwick/slim` first", { cause });
  }
}
