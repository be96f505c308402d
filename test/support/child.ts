import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./root.js";

/** How a child process is to be different from this one. */
export interface Surroundings {
  /** Arguments of the script: its `args`. */
  readonly args?: readonly string[];
  /** What Node gets before the script. */
  readonly nodeOptions?: readonly string[];
  /** A user that is not root, where this process is root; where it is not, the same user. */
  readonly ordinaryUser?: boolean;
  /** A shell script that makes the surroundings, and then runs `"$@"`; under a mount namespace of its own if asked to. */
  readonly shell?: string;
  readonly ownMounts?: boolean;
  /** In a PID namespace of its own, from which no other process is to be seen. */
  readonly ownPids?: boolean;
  /** How long (ms) it may take, if it is much that it does. */
  readonly patience?: number;
  /** The directory of the package that the script imports by its name. */
  readonly cwd?: string;
}

/** What became of an attempt in a child: its value, or the error without its stack. */
export interface Outcome {
  readonly value?: unknown;
  readonly name?: string;
  readonly code?: string;
  readonly path?: string;
  readonly message?: string;
  readonly cause?: string;
}

/** Whether this process may do what only root may. */
export const isRoot: boolean = process.getuid?.() === 0;

/** An ordinary user in every Linux. */
const nobody = { uid: 65_534, gid: 65_534 } as const;

/** Whether there is an ordinary user to be: root needs nobody to be able to read this package. */
export const nobodyReads: boolean =
  !isRoot || spawnSync("ls", [join(ROOT, "dist", "src")], nobody).status === 0;

/** The command that gives a child mounts of its own; a user who is not root becomes root of a user namespace. */
const ownMounts: readonly string[] = isRoot ? ["-m"] : ["-rm"];

/** Whether a child may mount: containers often forbid it, even in a namespace of one's own. */
export const canMount: boolean =
  spawnSync("unshare", [...ownMounts, "sh", "-c", "mount -t tmpfs none /tmp"]).status === 0;

/** The command that gives a child a PID namespace of its own, with a /proc that shows no other. */
const ownPids: readonly string[] = [...(isRoot ? [] : ["-r"]), "-pf", "--mount-proc"];

/** Whether a child may have a PID namespace of its own. */
export const canHavePids: boolean = spawnSync("unshare", [...ownPids, "true"]).status === 0;

/** A file system of 64 kB over a directory, which one child sees, and which is gone with it. */
export function onMount(directory: string, then: string): Surroundings {
  const mount = `mount -t tmpfs -o size=64k,mode=777 none "${directory}"`;
  return { args: [directory], ownMounts: true, shell: `${mount}\n${then}\nexec "$@"` };
}

/**
 * Runs a module in another Node process, which has the built package, and returns what it gives to `tell`.
 *
 * In the script are `LockFile`, the kinds as `barman`, `fs`, `args`, `tell`, and `attempt(fn)`, which
 * makes an {@link Outcome}.
 */
export async function inChild<T>(script: string, around: Surroundings = {}): Promise<T> {
  const node = [
    process.execPath,
    ...(around.nodeOptions ?? []),
    ...["--input-type=module", "--eval", PRELUDE + script, "--"],
    ...(around.args ?? []),
  ];
  const command = [
    ...(around.ownMounts === true ? ["unshare", ...ownMounts] : []),
    ...(around.ownPids === true ? ["unshare", ...ownPids] : []),
    ...(around.shell === undefined ? [] : ["sh", "-ec", around.shell, "sh"]),
    ...node,
  ];
  const [program = "", ...rest] = command;
  const child = spawn(program, rest, {
    cwd: around.cwd ?? ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: around.patience ?? 55_000,
    killSignal: "SIGKILL",
    ...(around.ordinaryUser === true && isRoot ? nobody : {}),
  });
  let output = "";
  let complaints = "";
  child.stdout.on("data", (chunk) => {
    output += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    complaints += String(chunk);
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (...how) => resolve(how));
  });
  if (code !== 0 || output === "") {
    const said = `${output}${complaints.slice(-MOST_COMPLAINTS)}`;
    throw new Error(`the child ended with ${signal ?? code}, and said:\n${said}`);
  }
  return JSON.parse(output);
}

/** How much of them an error shows: the last say where it stopped. */
const MOST_COMPLAINTS = 3_000;

if (!existsSync(new URL("../../dist/src/index.js", import.meta.url))) {
  throw new Error("Child processes import the built package: run `npm run build` first.");
}

const PRELUDE = `
import fs from "node:fs";
import { LockFile } from "lock-catalogue";
import * as barman from "lock-catalogue/barman";
const args = process.argv.slice(1);
// Synchronously, and not through process.stdout: a script may have taken every descriptor.
const tell = (value) => fs.writeSync(1, JSON.stringify(value));
async function attempt(fn) {
  try {
    return { value: await fn() };
  } catch (error) {
    const { name, code, path, message, cause } = error;
    return { name, code, path, message, cause: cause?.code };
  }
}
`;
