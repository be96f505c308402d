import { type ChildProcess, spawn } from "node:child_process";
import { createReadStream, existsSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { codeOf, messageOf } from "../errors.js";
import { mayExecute } from "../system/helper-program.js";
import { native } from "../system/native.js";
import { complain, RUN } from "./exit.js";
import type { Ending, Signals } from "./signals.js";

/** A command, and what it gets from us beside the standard streams and the working directory. */
export interface Start {
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Descriptors from 3 up. */
  readonly descriptors: readonly number[];
}

/**
 * The descriptors from 3 up with which this program was started, and which Node.js does not hand on unless they
 * are named. Its own are event queues, and pipes of which it has both ends.
 */
export function inheritedDescriptors(): number[] {
  const open = new Map<number, string>();
  for (const name of listDescriptors()) {
    try {
      open.set(Number(name), readlinkSync(`${DESCRIPTORS}/${name}`));
    } catch {
      // That of the directory, which was open while it was read.
    }
  }
  const targets = [...open.values()];
  return [...open].flatMap(([fd, target]) => {
    const isOurs =
      target.startsWith("anon_inode:") ||
      (target.startsWith("pipe:") && targets.filter((other) => other === target).length > 1);
    return fd < 3 || isOurs ? [] : [fd];
  });
}

function listDescriptors(): string[] {
  try {
    return readdirSync(DESCRIPTORS);
  } catch {
    return []; // No /proc.
  }
}

const DESCRIPTORS = "/proc/self/fd";

/**
 * Runs a command to its end, and passes signals on to it.
 *
 * @param onStart Runs once the command has its PID.
 * @param lost Aborts if the command must end, as its lock is lost.
 */
export function runCommand(
  { command: [program = "", ...args], env, descriptors }: Start,
  signals: Signals,
  onStart: (pid: number) => void,
  lost?: AbortSignal,
): Promise<Ending> {
  const stdio: ("inherit" | "ignore" | number)[] = ["inherit", "inherit", "inherit"];
  for (const fd of descriptors) stdio[fd] = fd;
  return new Promise((resolve) => {
    const fail = (error: unknown): void => resolve(explainFailedStart(program, error));
    let child: ChildProcess;
    try {
      child = spawn(program, args, { stdio: Array.from(stdio, (use) => use ?? "ignore"), env });
    } catch (error) {
      fail(error);
      return;
    }
    if (child.pid === undefined) {
      child.once("error", fail);
      return;
    }
    // Once it runs, nothing but its end ends the run: not a signal that could not be passed on.
    child.on("error", () => {});
    const end = (): void => {
      child.kill("SIGTERM");
      killer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
    };
    let killer: NodeJS.Timeout | undefined;
    child.once("exit", (code, signal) => {
      lost?.removeEventListener("abort", end);
      clearTimeout(killer);
      resolve(signal ?? Number(code));
    });
    if (lost?.aborted) end();
    else lost?.addEventListener("abort", end, { once: true });
    onStart(child.pid);
    signals.passTo(child);
  });
}

/** How long (ms) a command may take to end by itself when its lock is lost. */
const GRACE_MS = 5000;

/** Prints why a command could not be started. @returns the exit code. */
async function explainFailedStart(program: string, error: unknown): Promise<number> {
  const file = findProgram(program);
  const isMissing = codeOf(error) === "ENOENT" || program === "";
  if (isMissing && file === null) {
    complain(`cannot run ${JSON.stringify(program)}: not found`);
    return RUN.notFound;
  }
  const interpreter = isMissing ? interpreterIn(await readHead(String(file))) : null;
  const reason =
    interpreter === null ? messageOf(error) : `its interpreter ${interpreter} is not there`;
  complain(`cannot run ${JSON.stringify(program)}: ${reason}`);
  return RUN.notExecutable;
}

/** Whether this Node.js can become another program: from 22.15 on. */
export const canBecome: boolean = "execve" in process;

/** Replaces this process by a command. Returns if the command has to be started in the ordinary way. */
export async function become({ command, env, descriptors }: Start): Promise<void> {
  const file = findProgram(command[0] ?? "");
  // Node.js aborts if execve(2) fails, so this must not be tried but on what can be executed.
  if (file === null || !(await canExecute(file))) return;
  const { keepOpenOnExec } = native();
  if (keepOpenOnExec === null && descriptors.length > 0) return;
  for (const fd of descriptors) keepOpenOnExec?.(fd);
  // Node.js ignores these two, and a new program goes on ignoring what is ignored, but not what is handled.
  for (const signal of ["SIGPIPE", "SIGXFSZ"] as const) process.on(signal, () => {});
  const { execve } = process as {
    execve?: (file: string, args: readonly string[], env: object) => void;
  };
  execve?.(file, command, env);
}

/** Where execvp(3) finds a program; null if nowhere. */
function findProgram(program: string): string | null {
  if (program.includes("/")) return existsSync(program) ? program : null;
  if (program === "") return null;
  const directories = (process.env["PATH"] ?? "/usr/bin:/bin").split(":");
  const files = directories.map((directory) => join(directory || ".", program));
  return files.find(mayExecute) ?? files.find(existsSync) ?? null;
}

/** Whether the kernel can execute a file: a program for this machine, or a script, with its interpreter there. */
async function canExecute(file: string): Promise<boolean> {
  if (!mayExecute(file)) return false;
  const head = await readHead(file);
  const interpreter = interpreterIn(head);
  if (interpreter !== null && !mayExecute(interpreter)) return false;
  if (head.startsWith("#!")) return isProgram(await readHead(String(interpreter)));
  return isProgram(head);
}

async function isProgram(head: string): Promise<boolean> {
  const ours = await readHead(process.execPath);
  // elf(5): the magic number, the class and the byte order, and the machine.
  return head.slice(0, 6) === ours.slice(0, 6) && head.slice(18, 20) === ours.slice(18, 20);
}

/** The interpreter that a script names in its first line, or a program in its head; null if there is none. */
function interpreterIn(head: string): string | null {
  return (
    /^#!\s*(?<path>\S+)/u.exec(head)?.groups?.["path"] ??
    /\0(\/[^\0]*\/ld[^\0]*)\0/u.exec(head)?.[1] ??
    null
  );
}

async function readHead(file: string): Promise<string> {
  let head = "";
  const chunks = createReadStream(file, { end: 4095, encoding: "latin1" });
  try {
    for await (const chunk of chunks) head += chunk;
  } catch {
    // Unreadable, which a program may be and yet be executed.
  }
  return head;
}
