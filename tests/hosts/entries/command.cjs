// For Node's require, which takes the same package since 20.19. The report goes to the standard output.
const { join } = require("node:path");

const names = ["bailiwick", "bailiwick/authzen", "bailiwick/follow", "bailiwick/publish"];
const bailiwick = Object.assign({}, ...names.map((name) => require(name)));
const { FolderStore } = require("bailiwick/folder");
const { check } = require("../check.mjs");

check({ ...bailiwick, folder: new FolderStore(join(__dirname, "../../feed")) }).then((report) => console.log(JSON.stringify(report)));
