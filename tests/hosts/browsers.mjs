// The browsers of this machine. Run as a program, it prints the Debian packages of those that are missing (browsers.sh uses it).
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

import { NotHere, PATIENCE, theEnd, within } from "./processes.mjs";

const BROWSERS = {
  chromium: { variable: "CHROMIUM", programs: ["chromium", "chromium-browser", "google-chrome"], debian: "chromium" },
  firefox: { variable: "FIREFOX", programs: ["firefox", "firefox-esr"], debian: "firefox-esr" },
};

// The pages are trusted, and root in a container has no sandbox. The other flags keep the browser from contacting its vendor.
const CHROMIUM = [
  ..."--no-sandbox --disable-gpu --disable-quic --no-first-run".split(" "),
  ..."--disable-background-networking --disable-component-update --disable-sync".split(" "),
];

// Firefox requests an icon for every page, and complains if the page's policy forbids it.
const ICON = /favicon\.ico/;

function runs(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

// The path of a browser.
export function find(kind) {
  const { variable, programs } = BROWSERS[kind];
  const named = process.env[variable];
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = (named ? [named] : programs.flatMap((program) => folders.map((folder) => join(folder, program)))).find(runs);
  if (found === undefined && named) throw new NotHere(`${variable}=${named} is no program`);
  if (found === undefined) throw new NotHere(`there is none of ${programs.join(", ")} (${variable}=… names one)`);
  return found;
}

export async function launch(kind) {
  const { default: puppeteer } = await import("puppeteer-core");
  const browser = kind === "firefox" ? "firefox" : "chrome";
  const args = kind === "firefox" ? [] : CHROMIUM;
  const executablePath = find(kind);
  // Of several browsers, puppeteer itself ends every other one when the process ends.
  const options = { headless: true, timeout: PATIENCE, protocolTimeout: PATIENCE, signal: theEnd };
  try {
    return await puppeteer.launch({ browser, executablePath, args, ...options });
  } catch (error) {
    throw new NotHere(`${executablePath} does not start here: ${error.message.split("\n")[0]}`);
  }
}

export async function close(kind, browser) {
  await within(browser.close(), `closing ${kind}`).catch(() => browser.process()?.kill("SIGKILL"));
}

// The report of a browser from a server's page.
export async function visit(kind, server) {
  const browser = await launch(kind);
  try {
    const version = `${kind} ${(await browser.version()).match(/\d[\w.]*/)[0]}`;
    return { version, report: await shown(browser, kind, server) };
  } finally {
    await close(kind, browser);
  }
}

// The same in a browser that is open. The page has failed if it throws, and also if its answers are right but it logs an error.
export async function shown(browser, kind, server) {
  const page = await browser.newPage();
  const complaints = [];
  page.on("console", (message) => ["error", "warn"].includes(message.type()) && !ICON.test(message.text()) && complaints.push(message.text()));
  const thrown = new Promise((_, reject) => page.on("pageerror", (error) => ICON.test(error.message) || reject(error)));
  thrown.catch(() => {});
  try {
    await page.goto(server.url, { timeout: PATIENCE, waitUntil: "domcontentloaded" });
    const report = await within(Promise.race([server.report, thrown]), `the page in ${kind}`);
    if (complaints.length > 0 || server.missing.length > 0) throw new Error("the page answered, but");
    return report;
  } catch (error) {
    throw new Error([error, ...complaints, ...server.missing.map((path) => `not found: ${path}`)].join("\n  "));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [kind, { debian }] of Object.entries(BROWSERS)) {
    try {
      find(kind);
    } catch {
      console.log(debian);
    }
  }
}
