// Checks of behaviour that a host could break although every answer of the suite is right. It runs inside the host, so it uses nothing of
// Node.
const at = "2026-02-01T12:00:00Z";
const ADA = ["user:usr_ada", "billing.read", "organization:org_acme", Date.parse(at)];
const MIA = ["user:usr_m", "billing.read", "organization:org_m", Date.parse(at)];

function equal(found, wanted) {
  const [one, other] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (one !== other) throw new Error(`found ${one}, wanted ${other}`);
}

function thrown(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

const CHECKS = {
  "the version is that of the tarball"({ version }, bundle) {
    equal(version, bundle.version);
  },

  "two engines do not see each other's directory"({ Bailiwick }, { documents: { directories } }) {
    const [acme, minimal] = [Bailiwick.fromDirectory(directories.acme), Bailiwick.fromDirectory(directories.minimal)];
    const both = () => [acme.isAllowed(...ADA), acme.isAllowed(...MIA), minimal.isAllowed(...ADA), minimal.isAllowed(...MIA)];
    equal(both(), [true, false, false, true]);
    const before = acme.toDirectory();
    equal(minimal.apply({ type: "add_member", organization: "org_m", user: "usr_ada", role: "admin" }), 1);
    equal(both(), [true, false, false, true]);
    equal(minimal.isAllowed("user:usr_ada", ...MIA.slice(1)), true);
    equal(acme.toDirectory(), before);
    minimal.free();
    equal([acme.isAllowed(...ADA), acme.isAllowed(...MIA)], [true, false]);
  },

  "an error is an Error of this host, with all its members"({ Bailiwick, BailiwickError, isBailiwickError }) {
    const error = thrown(() => Bailiwick.fromDirectory({ format: "bailiwick/1", organizations: [{}] }));
    equal([error instanceof Error, error instanceof BailiwickError, isBailiwickError(error)], [true, true, true]);
    equal([error.name, error.code, error.path], ["BailiwickError", "missing_field", "/organizations/0"]);
    equal([typeof error.message, error.message.length > 0, typeof error.stack, error.stack.length > 0], ["string", true, "string", true]);
    equal(String(error), `BailiwickError: ${error.message}`);
  },

  "a failed call leaves the engine as it was"({ Bailiwick, isBailiwickError }, { documents: { directories } }) {
    const guard = Bailiwick.fromDirectory(directories.acme);
    const before = guard.toDirectory();
    const cyclic = {};
    cyclic.itself = cyclic;
    const throwing = new Proxy({}, { ownKeys: () => equal("what a host's code does", "nothing of ours") });
    const bad = [undefined, null, NaN, 1n, Symbol("x"), "\ud800", cyclic, new Map(), () => {}, throwing];
    for (const value of bad) {
      for (const call of ["checkAccess", "checkMany", "attribute", "apply", "applyDelta", "listProjects"]) {
        equal(isBailiwickError(thrown(() => guard[call](value))), true);
      }
      equal(guard.isAllowed(...ADA), true);
    }
    equal(guard.toDirectory(), before);
  },

  "the host's clock and randomness are found"({ Bailiwick, newApiKey }, { documents: { directories } }) {
    const guard = Bailiwick.fromDirectory(directories.minimal);
    equal(guard.isAllowed(...MIA.slice(0, 3)), true);
    const [one, other] = [newApiKey(), newApiKey()];
    equal([one.secret === other.secret, one.digest === other.digest], [false, false]);
    guard.apply({ type: "create_api_key", project: "prj_m", key: "key_new", digest: one.digest });
    equal([guard.authenticate(one.secret), guard.authenticate(other.secret)], [{ type: "api_key", id: "key_new" }, null]);
  },

  async "a follower follows a publisher, by stores of this host"({ Bailiwick, ConflictError, Follower, Publisher, publicKeyOf, folder }, { documents: { directories } }) {
    const signingKey = new Uint8Array(32).fill(7);
    const objects = new Map();
    const plain = { get: (key) => objects.get(key), put: (key, bytes) => objects.set(key, bytes.slice()) };
    // An address, as this host's own fetch would answer.
    const fetched = async (url) => new Response(objects.get(url.pathname.slice("/feed/".length)), { headers: { etag: '"1"' } });
    const places = [[plain, { store: plain }], ...(folder ? [[folder, { store: folder }]] : []), [plain, { url: "https://feed.example.com/feed", fetch: fetched }]];
    for (const [store, place] of places) {
      const start = () => Bailiwick.fromDirectory(directories.minimal);
      const publisher = await Publisher.resume(store, start, { signingKey, maxAgeSeconds: 60 });
      await publisher.publish();
      const told = [];
      const follower = new Follower({ ...place, publicKey: publicKeyOf(signingKey), onError: (error) => told.push(String(error)) });
      follower.addEventListener("update", ({ detail }) => told.push(detail.revision));
      const guard = await follower.current({ waitUntil() {} });
      const first = guard.revision;
      publisher.guard.apply({ type: "add_member", organization: "org_m", user: `usr_${first}`, role: "member" });
      await publisher.publish();
      await follower.refresh();
      equal([guard.revision, told, guard.state === publisher.guard.state], [first + 1, [first, first + 1], true]);
      equal(await new Publisher(start(), store, { signingKey, maxAgeSeconds: 60 }).publish().catch(({ name, code }) => [name, code]), ["BailiwickError", "delta_fork"]);
      equal([new ConflictError("x").name, follower.isReady], ["ConflictError", true]);
    }
  },

  async "an AuthZEN decision point answers by the host's own fetch"({ Bailiwick, createAuthzenHandler }, { documents: { directories } }) {
    const handler = createAuthzenHandler(Bailiwick.fromDirectory(directories.minimal), { baseUrl: "https://pdp.example.com" });
    const ask = (id, body) => {
      const headers = { "content-type": "application/json", "x-request-id": id };
      return handler(new Request("https://pdp.example.com/access/v1/evaluation", { method: "POST", headers, body }));
    };
    const question = { subject: { type: "user", id: "usr_m" }, action: { name: "billing.read" }, resource: { type: "organization", id: "org_m" } };
    const [good, bad] = [await ask("1", JSON.stringify(question)), await ask("2", "{")];
    equal([good.status, good.headers.get("x-request-id"), await good.json()], [200, "1", { decision: true }]);
    equal([bad.status, bad.headers.get("x-request-id")], [400, "2"]);
    const metadata = await handler(new Request("https://pdp.example.com/.well-known/authzen-configuration"));
    equal((await metadata.json()).policy_decision_point, "https://pdp.example.com");
  },

  "a signed snapshot is read back and a changed one is not"({ Bailiwick, publicKeyOf }, { documents: { directories } }) {
    const signingKey = new Uint8Array(32).fill(7);
    const bytes = Bailiwick.fromDirectory(directories.acme).toSnapshot({ signingKey });
    const publicKey = publicKeyOf(signingKey);
    equal(Bailiwick.fromSnapshot(bytes, { publicKey }).isAllowed(...ADA), true);
    bytes[bytes.length >> 1] ^= 1;
    equal(["snapshot_corrupt", "signature_invalid"].includes(thrown(() => Bailiwick.fromSnapshot(bytes, { publicKey })).code), true);
  },
};

export async function smoke(bailiwick, bundle) {
  const failures = [];
  for (const [name, check] of Object.entries(CHECKS)) {
    try {
      await check(bailiwick, bundle);
    } catch (error) {
      failures.push(`${name}\n  ${error}`);
    }
  }
  const expected = Object.keys(CHECKS).length;
  return { expected, passed: expected - failures.length, failures };
}
