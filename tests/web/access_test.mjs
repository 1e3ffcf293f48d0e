// Who may see and help, in a real browser: node access_test.mjs GYRE [FOLDER]
//
// A console behind TLS with a token for each role, a robot of another process that joins it, a login by hand and by a link, a
// watcher who cannot command, a helper whose name is in the journal, and other pages that try what they may not. Pictures
// of the pages go into FOLDER.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const require = createRequire(new URL("../../console/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [gyre, shots] = process.argv.slice(2);

let failures = 0;
function check(holds, what) {
  console.log(`${holds ? "ok    " : "FAILED"} ${what}`);
  if (!holds) ++failures;
}

const folder = mkdtempSync(join(tmpdir(), "gyre-access-"));
const env = { ...process.env, XDG_CONFIG_HOME: folder };
// Each process with a folder for sockets and locks of its own: several drive the same simulated robot.
const own = () => ({ ...env, XDG_RUNTIME_DIR: mkdtempSync(join(folder, "run-")) });
const token = { watch: "watch-watch-watch-1", help: "help-help-help-help", admin: "admin-admin-admin", drive: "drive-drive-drive" };
const file = join(folder, "tokens.txt");
writeFileSync(file, `watch ${token.watch}\nhelp ${token.help} ann\nadmin ${token.admin}\ndrive ${token.drive}\n`);
chmodSync(file, 0o600);

// What a program prints before `pattern` matches, and the match.
function start(args, pattern) {
  const child = spawn(gyre, args, { stdio: ["ignore", "pipe", "pipe"], env: own() });
  let said = "";
  const found = new Promise((resolve, reject) => {
    const take = (bytes) => {
      said += bytes;
      const match = pattern.exec(said);
      if (match) resolve(match[1]);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("exit", (code) => reject(new Error(`gyre ${args[0]} ended with ${code}: ${said}`)));
  });
  return { child, found };
}
function end(child) {
  return new Promise((resolve) => {
    child.once("exit", resolve);
    child.kill("SIGINT");
  });
}
function refusalOf(args) {
  try {
    execFileSync(gyre, args, { env: own(), stdio: "pipe", timeout: 60_000 });
    return "";
  } catch (error) {
    return `${error.status ?? error.signal ?? error.code}: ${error.stderr}`;
  }
}

const server = start(["console", "--lan", "--listen", "127.0.0.1", "--token-file", file, "--port", "0"], /console at (https:[^\s;]+)/);
const address = await server.found;
const certificate = join(folder, "gyre", "certificate.pem");
const journal = join(folder, "journal");
const joining = ["--console", address, "--console-ca", certificate, "--console-token-file", file];
let robot = start(["sim", "--suite", "trained", "--seed", "3", "--journal", journal, ...joining], /console at \S+, as '([^']+)'/);
check((await robot.found) === "sim:so101/ee", "a robot joins by TLS and a token for drive");
{
  const watching = join(folder, "watching");
  writeFileSync(watching, token.watch);
  const line = refusalOf(["sim", "--suite", "trained", "--console", address, "--console-ca", certificate, "--console-token-file", watching]);
  check(/^2: .*403/.test(line) && line.trim().split("\n").length === 1, `a watcher's token lets no robot join: ${line.trim()}`);
  const other = refusalOf(["sim", "--suite", "trained", "--console", address, "--console-token-file", file]);
  check(/^2: .*certificate/.test(other), `nor does a certificate that nobody vouches for: ${other.trim()}`);
}

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const complaints = [];
  const open = async (path) => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1280, height: 720 } });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(address + path);
    return page;
  };
  const seriousOf = async (page) => {
    await page.evaluate(axe);
    const found = await page.evaluate(() => window.axe.run(document));
    return found.violations.filter((finding) => ["serious", "critical"].includes(finding.impact)).map((finding) => finding.id);
  };
  const shot = (page, name) => shots && page.screenshot({ path: `${shots}/${name}.png`, timeout: 60_000 });
  const logIn = async (page, word) => {
    await page.getByLabel("Token").fill(word);
    await page.getByLabel("Token").press("Enter");
  };
  const mode = (page, wanted) => page.waitForFunction((one) => document.querySelector("[data-testid=mode]")?.textContent === one, wanted);

  // --- a watcher ---
  const watcher = await open("/");
  await shot(watcher, "login");
  check((await seriousOf(watcher)).length === 0, "axe finds nothing serious on the login page");
  check((await watcher.evaluate(() => fetch("/console.js").then((answer) => answer.status))) === 401, "without a token there is nothing but the login");
  complaints.length = 0; // the browser tells of that 401
  await logIn(watcher, "not-a-token-of-this-console");
  await watcher.getByText("the token is not known here").waitFor();
  check(true, "a wrong token is told in one line");
  complaints.length = 0; // and of this one
  await logIn(watcher, token.watch);
  await watcher.getByTestId("role").waitFor();
  await mode(watcher, "policy");
  check((await watcher.getByTestId("role").textContent()).endsWith(", watch"), "a watcher sees the robot that joined, and the role");
  await watcher.getByText("You may watch only").waitFor();
  check(!(await watcher.getByRole("button", { name: "Take over" }).isVisible()), "and gets nothing to command with");
  await shot(watcher, "watch");
  const refused = await watcher.evaluate(() => new Promise((resolve) => {
    const socket = new WebSocket(`wss://${location.host}/live`);
    socket.onmessage = ({ data }) => {
      const told = typeof data === "string" ? JSON.parse(data) : {};
      if (told.type === "hello") socket.send(JSON.stringify({ robot: 0, verb: "order", order: "stop" }));
      if (told.type === "refused") resolve(told.text);
    };
  }));
  check(/watch only/.test(refused), `a command that is sent all the same is refused: ${refused}`);
  await watcher.keyboard.press("Escape");
  const cookies = await watcher.context().cookies();
  const cookie = cookies.find((one) => one.name.startsWith("__Host-gyre-"));
  check(cookie?.httpOnly && cookie.secure && cookie.sameSite === "Strict" && !cookie.value.includes(token.watch), "the cookie is for this server alone and holds no token");
  check((await watcher.evaluate(() => fetch("/recorded/judge", { method: "POST", body: "{}" }).then((answer) => answer.status))) === 415, "a POST that a form could make is refused");
  complaints.length = 0;

  // --- a page of another origin, with the watcher's cookies ---
  const foreign = createServer((_, answer) => answer.setHeader("content-type", "text/html").end("<!doctype html><title>other</title>"));
  await new Promise((resolve) => foreign.listen(0, "127.0.0.1", resolve));
  const other = await watcher.context().newPage();
  await other.goto(`http://127.0.0.1:${foreign.address().port}/`);
  const hijack = await other.evaluate((host) => new Promise((resolve) => {
    const socket = new WebSocket(`${host}/live`);
    socket.onopen = () => resolve("open");
    socket.onerror = () => resolve("refused");
  }), address.replace("https", "wss"));
  check(hijack === "refused", "another page's websocket is refused");
  const framed = await other.evaluate(async (url) => {
    const frame = document.createElement("iframe");
    frame.src = url;
    const loaded = new Promise((resolve) => (frame.onload = resolve));
    document.body.append(frame);
    await loaded;
    try {
      return frame.contentDocument === null ? "closed" : frame.contentDocument.title;
    } catch {
      return "closed";
    }
  }, address);
  check(framed === "closed", "nor can it frame the page");
  await other.close();
  foreign.close();
  complaints.length = 0;

  // --- a helper, by a link ---
  const helper = await open(`/#token=${token.help}`);
  await helper.getByTestId("role").waitFor();
  check(!helper.url().includes("token"), "a link logs in, and the address forgets its token");
  check((await helper.getByTestId("role").textContent()) === "ann, help", "the token's name is shown");
  await mode(helper, "policy");
  await shot(helper, "help");
  await helper.getByRole("button", { name: "Pause" }).click();
  await mode(helper, "paused");
  check(true, "a helper pauses a robot that runs elsewhere");
  await watcher.waitForFunction(() => [...document.querySelectorAll("[aria-label=events] *")].some((one) => one.textContent.includes("ann")));
  check(true, "the watcher sees who it was");
  await helper.getByRole("button", { name: "Take over" }).click();
  await helper.keyboard.down("Space");
  await mode(helper, "human");
  await helper.keyboard.up("Space");
  await mode(helper, "paused");
  check(true, "and drives it by hand");
  await helper.getByRole("button", { name: "Give back" }).click();
  await helper.getByRole("button", { name: "Resume" }).click();
  await mode(helper, "policy");

  // --- the robot leaves, and comes back ---
  await end(robot.child);
  await helper.getByText("Its program has left").waitFor();
  check(true, "a robot whose program has ended is shown as gone");
  robot = start(["sim", "--suite", "trained", "--seed", "4", ...joining], /console at \S+, as '([^']+)'/);
  check((await robot.found) === "sim:so101/ee", "it returns by its name");
  await mode(helper, "policy");
  const twin = start(["sim", "--suite", "trained", "--embodiment", "panda", "--console-name", "right arm", ...joining], /console at \S+, as '([^']+)'/);
  check((await twin.found) === "right arm", "a second one gets the name that it asks for");
  await helper.goto(`${address}/#/wall`);
  await helper.waitForFunction(() => {
    const tiles = [...document.querySelectorAll("a[data-robot]")];
    return tiles.length === 2 && tiles.every((tile) => tile.querySelector("canvas").dataset.time && !tile.classList.contains("stale"));
  });
  check(true, "the wall shows both");
  await shot(helper, "joined");
  await end(twin.child);

  // --- logging out ---
  await watcher.getByRole("button", { name: "Log out" }).click();
  await watcher.getByLabel("Token").waitFor();
  check(true, "after a logout the login page is there again");
  check(complaints.length === 0, `no complaint on the browser's console ${complaints.join("; ")}`);
} finally {
  await browser.close();
  await end(robot.child).catch(() => {});
  await end(server.child);
}
const question = "SELECT DISTINCT kind, value FROM events WHERE author = 'ann' ORDER BY value";
const events = execFileSync(gyre, ["data", "ask", question, "--journals", journal, "--csv", "-"], { env, stdio: "pipe" }).toString();
check(["pause", "take", "resume"].every((word) => events.includes(word)), `the journal has who paused and drove the robot: ${events.trim().split("\n").join(" ")}`);
rmSync(folder, { recursive: true });
process.exit(failures === 0 ? 0 : 1);
