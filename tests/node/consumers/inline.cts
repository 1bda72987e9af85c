// A file of CommonJS, in any version of Node.
import inline = require("bailiwick/inline");

const guard: inline.Bailiwick = inline.Bailiwick.fromDirectory({ format: "bailiwick/1", organizations: [] });
const decision: inline.Decision = guard.checkAccess({ principal: "user:a", action: "file.read", resource: "project:p" });
const change: inline.Change = { type: "remove_member", organization: "o", user: "u" };
const code: inline.ErrorCode = "forbidden";

// @ts-expect-error there is no such reason
decision.reason === "because";

export = [decision.allowed, change.type, code, inline.version];
