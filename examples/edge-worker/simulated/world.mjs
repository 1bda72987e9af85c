// A worker in Miniflare, with the store and the upstream of the test around it, and everything that it says kept.
import { request } from "node:http";
import { fileURLToPath } from "node:url";

import { Log, LogLevel, Miniflare, Response } from "miniflare";

import { eventually, moment, PATIENCE } from "./patience.mjs";
import { workerIn } from "./worker.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

class KeptLog extends Log {
  constructor(lines) {
    super(LogLevel.VERBOSE);
    this.lines = lines;
  }
  log(message) {
    this.lines.push(message);
  }
}

export class World {
  // What workerd, the worker and Miniflare wrote; what the worker answered; which keys it read; what its upstream was asked.
  log = [];
  answers = [];
  reads = [];
  upstream = [];
  // How reads of the store go: up, slow, silent or down.
  store = "up";

  async start(bundled, bindings, { hasUpstream = true } = {}) {
    const keep = (stream) => stream.on("data", (bytes) => this.log.push(String(bytes)));
    const faults = async (read) => {
      this.reads.push(await read.text());
      if (this.store === "slow") await moment(300);
      return new Response(this.store);
    };
    const seen = async (asked) => {
      this.upstream.push(await asked.json());
      return new Response();
    };
    const own = (name, serviceBindings) => ({
      name,
      modules: true,
      modulesRoot: here,
      scriptPath: `${here}${name}.js`,
      modulesRules: [{ type: "ESModule", include: ["**/*.js"] }],
      serviceBindings,
    });
    const worker = workerIn(bundled);
    const { compatibilityDate } = worker;
    const serviceBindings = hasUpstream ? { UPSTREAM: "upstream" } : {};
    this.miniflare = new Miniflare({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      log: new KeptLog(this.log),
      handleRuntimeStdio: (output, complaints) => [output, complaints].forEach(keep),
      workers: [
        { ...worker, bindings, serviceBindings, wrappedBindings: { DIRECTORY: "store" } },
        // A wrapped binding lives in the worker that has it: it may have no date of its own.
        { ...own("store", { FAULTS: faults }), kvNamespaces: ["NAMESPACE"] },
        { ...own("upstream", { SEEN: seen }), compatibilityDate },
      ],
    });
    this.url = await this.miniflare.ready;
    this.namespace = await this.miniflare.getKVNamespace("NAMESPACE", "store");
    return this;
  }

  // By hand rather than by `fetch`, which would tidy up paths and headers on the way.
  ask(path, { method = "GET", key, headers = {}, body, signal } = {}) {
    const all = key === undefined ? headers : { authorization: `Bearer ${key}`, ...headers };
    const { hostname, port } = this.url;
    return new Promise((resolve, reject) => {
      const asked = request({ host: hostname, port, path, method, headers: all, agent: false, timeout: PATIENCE, signal }, (response) => {
        const chunks = [];
        response.on("data", (bytes) => chunks.push(bytes));
        response.on("error", reject);
        response.on("end", () => {
          const answer = { status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() };
          this.answers.push(answer);
          resolve(answer);
        });
      });
      asked.on("timeout", () => asked.destroy(new Error(`no answer in ${PATIENCE / 1000} s`)));
      asked.on("error", reject);
      asked.end(body);
    });
  }

  // Waits until something in the log matches.
  logged(pattern) {
    return eventually(() => pattern.test(this.log.join("")), `${pattern} in the log`);
  }

  async stop() {
    await this.miniflare?.dispose();
    this.miniflare = undefined;
  }
}
