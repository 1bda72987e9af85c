// What the worker has as `DIRECTORY` in the test: a namespace that fails when the test wants it to. Every read first asks the test how it is to
// go, and then goes to Miniflare's namespace. Where it fails, it does as KV's own client does: the promise is rejected with an `Error`.
export default function ({ NAMESPACE, FAULTS }) {
  return {
    async get(key, options) {
      const response = await FAULTS.fetch("http://faults/", { method: "POST", body: key });
      const how = await response.text();
      if (how === "down") throw new Error("KV GET failed: 500 Internal Server Error");
      if (how === "silent") return new Promise(() => {});
      return NAMESPACE.get(key, options);
    },
  };
}
