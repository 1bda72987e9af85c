// A file of CommonJS, which newer versions of Node let require a module.
import bailiwick = require("bailiwick");
import slim = require("bailiwick/slim");

const guard: bailiwick.Bailiwick = bailiwick.Bailiwick.fromDirectory({ format: "bailiwick/1", organizations: [] });
const decision: bailiwick.Decision = guard.checkAccess({ principal: "user:a", action: "file.read", resource: "project:p" });
export = [decision.allowed, typeof slim.initSync];
