import { type ChildProcess, spawn } from "node:child_process";
import type { LockKind } from "../catalogue/catalogue.js";
import { describeHolder } from "../holder/find-holder.js";
import type { LockFile } from "../lock-file.js";
import { codeOf } from "../system/open-file.js";
import { CannotRun, complain, RUN, requireDirectory } from "./exit.js";
import { formatDuration } from "./format.js";
import { exitCodeOf, Signals } from "./signals.js";

/** Which lock to hold, and what to do if it is busy. */
export interface RunRequest {
  readonly kind: LockKind<LockFile>;
  readonly directory: string;
  /** The values of the kind's parameters, in template order. */
  readonly parameters: readonly string[];
  /** Undefined: the default of the kind. */
  readonly wait: boolean | undefined;
  /** In ms. */
  readonly timeout: number | undefined;
  readonly conflictExitCode: number;
}

/**
 * Takes a lock, runs a command, and releases the lock when the command has ended.
 *
 * @returns the exit code of `run`.
 */
export async function runUnderLock(
  request: RunRequest,
  command: readonly string[],
): Promise<number> {
  requireDirectory(request.directory);
  using signals = new Signals();
  using lock = build(request);
  const { wait, timeout, conflictExitCode } = request;
  try {
    await lock.acquire({ raiseIfFail: true, wait, timeout, signal: signals.signal });
  } catch (error) {
    if (signals.first !== null) return exitCodeOf(signals.first);
    const code = codeOf(error);
    if (code !== "LOCK_BUSY" && code !== "LOCK_TIMEOUT") throw error;
    const still = code === "LOCK_TIMEOUT" ? `still busy after ${nameTimeout(timeout)}` : "busy";
    const advice =
      code === "LOCK_TIMEOUT"
        ? "See whether that process makes progress, or wait longer."
        : "Wait for it with --wait, or for some time with --timeout 30s.";
    complain(
      `${lock} is ${still}: ${lock.filename} is held by ${describeHolder(lock.filename)}. ${advice}`,
    );
    return conflictExitCode;
  }
  // Awaited here, as the lock is released on return.
  return await runCommand(command, signals);
}

function build({ kind, directory, parameters }: RunRequest): LockFile {
  if (typeof kind !== "function") throw new CannotRun(`${kind.name} is no class of locks`);
  return Reflect.construct(kind, [directory, ...parameters]);
}

/** Runs a command to its end, with our streams, and passes signals on to it. */
function runCommand([program = "", ...args]: readonly string[], signals: Signals): Promise<number> {
  return new Promise((resolve) => {
    const fail = (error: unknown): void => {
      const code = codeOf(error);
      const isMissing = code === "ENOENT" || program === "";
      const reason = error instanceof Error && !isMissing ? error.message : "not found";
      complain(`cannot run ${JSON.stringify(program)}: ${reason}`);
      resolve(isMissing ? RUN.notFound : RUN.notExecutable);
    };
    let child: ChildProcess;
    try {
      // The descriptor of the lock is closed on exec, so the command does not inherit it.
      child = spawn(program, args, { stdio: "inherit" });
    } catch (error) {
      fail(error);
      return;
    }
    signals.passTo(child);
    child.once("error", fail);
    child.once("exit", (code, signal) =>
      resolve(signal === null ? Number(code) : exitCodeOf(signal)),
    );
  });
}

function nameTimeout(timeout = 0): string {
  return timeout < 1000 ? `${timeout}ms` : formatDuration(timeout);
}
