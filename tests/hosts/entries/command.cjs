// For Node's require, which takes the same package since 20.19. The report goes to the standard output.
const bailiwick = { ...require("bailiwick"), ...require("bailiwick/authzen") };
const { check } = require("../check.mjs");

check(bailiwick).then((report) => console.log(JSON.stringify(report)));
