// Installs what is missing, then runs Node 24 with the arguments given:
//
//   node bootstrap.mjs [node options] SCRIPT [arguments]
//
// Needs Node 18 and npm, nothing else; the versions are those of package.json. pnpm goes to .tools/,
// Node and the packages to node_modules/. Says nothing when all is there already; progress goes to
// stderr, so that scripts whose output is read stay clean. Without arguments it only installs.
//
// Written so that a Node older than 18 can read it far enough to say that it is too old.
import { spawn } from "child_process";
import { createHash } from "crypto";
import fs from "fs";
import path from "path";
import { fileURLToPath } from "url";

const root = path.dirname(fileURLToPath(import.meta.url));
const tools = path.join(root, ".tools");
const stamp = path.join(root, "node_modules", ".bootstrap");
const windows = process.platform === "win32";
const nodeOfWorkspace = path.join(root, "node_modules/node/bin", windows ? "node.exe" : "node");
const lockPatience = 15 * 60 * 1000;

/** A failure whose message is all that the user needs. */
class Refusal extends Error {}

function olderThan(version, minimum) {
  const [a, b] = [version, minimum].map((each) => each.replace("v", "").split(".").map(Number));
  return a[0] !== b[0] ? a[0] < b[0] : a[1] < b[1];
}

/** Runs a command to its end. `passOn` is given the signals that this process is sent meanwhile. */
function run(command, args, options, passOn) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, ...options });
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    const listener = (signal) => passOn(child, signal);
    signals.forEach((each) => process.on(each, listener));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      signals.forEach((each) => process.removeListener(each, listener));
      resolve({ code, signal });
    });
  });
}

/** The wanted script: it has the terminal, and ends as if it had been started directly. */
async function runScript(node, args) {
  // A terminal sends Ctrl-C to the whole group, so passing it on would deliver it twice.
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  const passOn = (child, signal) => {
    if (signal !== "SIGINT" || !onTerminal) child.kill(signal);
  };
  endLike(await run(node, args, { stdio: "inherit" }, passOn));
}

/** A step of the installation: a process group of its own, so that a signal ends all of it. */
async function runStep(what, command, args) {
  let interrupted;
  const passOn = (child, signal) => {
    interrupted = signal;
    if (windows) child.kill(signal);
    else process.kill(-child.pid, signal);
  };
  const options = { stdio: ["ignore", 2, 2], detached: !windows };
  const { code, signal } = await run(command, args, options, passOn).catch((error) => {
    throw new Refusal(`${what} could not be started: ${error.message}`);
  });
  if (signal || interrupted) {
    endLike({ code, signal: signal || interrupted });
    throw new Refusal("interrupted");
  }
  if (code !== 0) throw new Refusal(`${what} failed (exit code ${code}); its messages are above.`);
}

function endLike({ code, signal }) {
  releaseLock();
  if (signal) process.kill(process.pid, signal);
  else process.exit(code);
}

function digestOfLockFile() {
  const lockFile = fs.readFileSync(path.join(root, "pnpm-lock.yaml"));
  return createHash("sha256").update(`${process.platform} ${process.arch}\n`).update(lockFile).digest("hex");
}

function isInstalled() {
  return fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === digestOfLockFile();
}

async function install() {
  const manifest = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
  const pnpmVersion = manifest.packageManager.replace("pnpm@", "");
  const pnpm = path.join(tools, `pnpm-${pnpmVersion}`);
  if (!fs.existsSync(pnpm)) {
    console.error(`bootstrap: getting pnpm ${pnpmVersion} (1 of 2) …`);
    const unfinished = `${pnpm}.unfinished`;
    fs.rmSync(unfinished, { recursive: true, force: true });
    fs.mkdirSync(unfinished, { recursive: true });
    fs.writeFileSync(path.join(unfinished, "package.json"), "{}\n");
    const args = ["install", "--prefix", unfinished, "--ignore-scripts", "--no-audit", "--no-fund"];
    await runNpm([...args, "--loglevel=error", `pnpm@${pnpmVersion}`]);
    fs.renameSync(unfinished, pnpm);
  }
  console.error("bootstrap: installing Node 24 and the packages (2 of 2; half a minute the first time) …");
  fs.rmSync(stamp, { force: true });
  const digest = digestOfLockFile();
  const script = path.join(pnpm, "node_modules/pnpm/bin/pnpm.mjs");
  await runStep("pnpm install", process.execPath, [script, "install", "--frozen-lockfile"]);
  chooseNode();
  fs.writeFileSync(stamp, digest);
}

/** npm's own file where it is known; `npm` is a batch file on Windows, which needs a shell that quotes. */
function runNpm(args) {
  const beside = path.join(path.dirname(process.execPath), "node_modules/npm/bin/npm-cli.js");
  const calling = process.env.npm_execpath;
  const file = calling && path.basename(calling) === "npm-cli.js" ? calling : windows ? beside : undefined;
  return file ? runStep("npm", process.execPath, [file, ...args]) : runStep("npm", "npm", args);
}

// Two bootstraps in one folder must not install at once. The lock file holds its owner's process id.
// Only who has made `install.lock.PID` may remove the lock of the dead process PID: without that,
// two that find it stale could each remove the other's new lock.
const lock = path.join(tools, "install.lock");
let locked = false;

async function acquireLock() {
  fs.mkdirSync(tools, { recursive: true });
  const start = Date.now();
  for (let told = false; ; told = true) {
    if (createExclusively(lock)) break;
    const owner = readOwner();
    if (owner !== undefined && !isAlive(owner)) {
      const right = `${lock}.${owner}`;
      if (createExclusively(right)) {
        if (readOwner() === owner) fs.rmSync(lock, { force: true });
        fs.rmSync(right, { force: true });
        continue;
      }
    }
    if (Date.now() - start > lockPatience) {
      throw new Refusal(
        `Another install has held ${lock} for too long. If none is running, remove it and try again.`,
      );
    }
    if (!told) console.error("bootstrap: waiting for another install in this folder …");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  locked = true;
}

function releaseLock() {
  if (locked) fs.rmSync(lock, { force: true });
  locked = false;
}

function createExclusively(file) {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function readOwner() {
  try {
    return Number(fs.readFileSync(lock, "utf8")) || undefined;
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function isAlive(pid) {
  if (pid === process.pid) return false; // left by a process that had this id before
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** The workspace's Node 24; where the registry has none for this platform, a recent enough own one. */
function chooseNode() {
  if (fs.existsSync(nodeOfWorkspace)) return nodeOfWorkspace;
  if (!olderThan(process.version, "22.18")) return process.execPath;
  const platform = `${process.platform} ${process.arch}`;
  throw new Refusal(
    `Node 24 could not be installed from the npm registry for ${platform}. ` +
      `Start with Node 22.18 or newer instead of ${process.version}.`,
  );
}

async function main() {
  if (olderThan(process.version, "18.0")) {
    throw new Refusal(`This workspace needs Node 18 or newer to start; this is Node ${process.version}.`);
  }
  if (!isInstalled()) {
    await acquireLock();
    if (!isInstalled()) await install();
    releaseLock();
  }
  const node = chooseNode();
  const bins = [path.dirname(node), path.join(root, "node_modules/.bin")];
  process.env.PATH = [...bins, process.env.PATH].join(path.delimiter);
  const args = process.argv.slice(2);
  if (args.length > 0) await runScript(node, args);
}

main().catch((error) => {
  releaseLock();
  console.error(error instanceof Refusal ? `bootstrap: ${error.message}` : error);
  process.exitCode = 1;
});
