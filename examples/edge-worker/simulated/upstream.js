// What the worker has as `UPSTREAM` in the test: it shows the test what it was asked, and pretends to know better where that is booked.
const FORGED = { "X-Bailiwick-Project": "prj_forged", "X-Bailiwick-Note": "forged", "Cache-Control": "public" };

export default {
  async fetch(request, { SEEN }) {
    if (request.url.endsWith("/file_broken")) throw new Error("the upstream is broken");
    const { method, url, headers } = request;
    const body = await request.text();
    await SEEN.fetch("http://seen/", { method: "POST", body: JSON.stringify({ method, url, headers: Object.fromEntries(headers), body }) });
    return new Response("done", { status: 201, headers: FORGED });
  },
};
