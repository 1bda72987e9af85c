// A feed that any server of files has, or a network of caches before one.
import { UNCHANGED } from "./feed_stores.js";
import { wrongType } from "./own_options.js";

export class AddressStore {
  #base;
  #fetch;
  #headers;
  #timeout;

  constructor(url, { fetch = globalThis.fetch, headers, timeout }) {
    const base = URL.canParse(url) ? new URL(url) : undefined;
    if (!["http:", "https:"].includes(base?.protocol)) throw wrongType("url", "expected an address that begins with https:// or http://");
    if (!base.pathname.endsWith("/")) base.pathname += "/";
    this.#base = base;
    // As a method it would be called on another object, which browsers refuse.
    this.#fetch = (...request) => fetch(...request);
    [this.#headers, this.#timeout] = [headers, timeout];
  }

  async get(key, seen) {
    const url = new URL(this.#base);
    url.pathname += key;
    const headers = new Headers(this.#headers);
    // Caches on the way ask their server.
    headers.set("cache-control", "no-cache");
    if (seen) headers.set("if-none-match", seen);
    const patience = new Patience(this.#timeout);
    try {
      const answer = await this.#fetch(url, { headers, signal: patience.signal });
      if (answer.status === 200) return { bytes: await bodyOf(answer, patience), tag: answer.headers.get("etag") ?? "" };
      await answer.body?.cancel();
      if (answer.status === 304) return UNCHANGED;
      if (answer.status === 404 || answer.status === 410) return null;
      throw new Error(`the server answers ${answer.status}`);
    } finally {
      patience.end();
    }
  }
}

// Waits so many seconds for anything to happen, however long all of it takes: a directory may be large, and a line slow.
class Patience {
  #abort = new AbortController();
  #seconds;
  #timer;

  constructor(seconds) {
    this.#seconds = seconds;
    this.renew();
  }

  get signal() {
    return this.#abort.signal;
  }

  renew() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#abort.abort(new Error(`no answer in ${this.#seconds} s`)), this.#seconds * 1000);
  }

  end() {
    clearTimeout(this.#timer);
  }
}

async function bodyOf(answer, patience) {
  const chunks = [];
  let length = 0;
  for (const reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    patience.renew();
    chunks.push(value);
    length += value.byteLength;
  }
  const bytes = new Uint8Array(length);
  let end = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, end);
    end += chunk.byteLength;
  }
  return bytes;
}
