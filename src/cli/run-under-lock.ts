import { dirname } from "node:path";
import { type Circle, codeOf, LockFileTimeout, messageOf } from "../errors.js";
import { adviseAfter } from "../failure.js";
import { describeCircle } from "../holder/circle.js";
import { lookForHolder, nameHolder } from "../holder/find-holder.js";
import { type HeldLock, heldAs, heldForUs, leave, stampFor } from "../lock/held.js";
import { LockFile } from "../lock-file.js";
import type { Waiting } from "../options.js";
import type { ClusterLock } from "../postgres/index.js";
import { createLockFile, identityAt, isSame } from "../system/open-file.js";
import { lockOf, parentOf } from "../system/process.js";
import { asCannotRun, openCluster } from "./cluster.js";
import { CannotRun, complain, RUN, requireDirectory } from "./exit.js";
import { type Duration, nameMoment, nameProcess } from "./format.js";
import { type Ending, OrderlyStop, Signals } from "./signals.js";
import { become, canBecome, inheritedDescriptors, runCommand } from "./start-command.js";

/** Which lock to hold, and how. */
export interface RunRequest {
  /** A lock, or any file. */
  readonly lock: LockFile | { readonly file: string };
  /** Undefined: the default of the kind. */
  readonly wait: boolean | undefined;
  readonly timeout: Duration | undefined;
  readonly conflictExitCode: number;
  /** Whether a busy lock is not worth a message. */
  readonly quiet: boolean;
  /** Whether it is printed who holds the lock while it is waited for. */
  readonly tellsWaits: boolean;
  /** The permissions of a lock file that is created. */
  readonly mode: number | undefined;
  /** Whether the command inherits the lock, as it does with flock(1). */
  readonly inherit: boolean;
  /** Whether the command becomes a child of this process, instead of this process. */
  readonly fork: boolean;
  /** Whether the lock is to be held on all hosts. */
  readonly cluster: boolean;
}

/**
 * Takes a lock, runs a command, and releases the lock when the command has ended.
 *
 * @returns how to end.
 */
export async function runUnderLock(
  request: RunRequest,
  command: readonly string[],
): Promise<Ending> {
  if (!request.fork && !canBecome) {
    throw new CannotRun(
      `--no-fork needs Node.js 22.15 or later, and this is ${process.version}: leave it out, or use another Node.js`,
    );
  }
  const lock = "file" in request.lock ? new LockFile(request.lock.file) : request.lock;
  requireDirectory(dirname(lock.filename));
  // Before the lock is opened: what is open now was open when this program was started.
  const inherited = inheritedDescriptors();
  using signals = new Signals();
  await using hosts = request.cluster ? await openCluster() : null;
  const everywhere = hosts?.lock(lock) ?? null;
  const refused = await take(lock, everywhere, request, signals);
  if (refused !== null) return refused;
  const hold = request.inherit ? heldAs(lock.filename) : undefined;
  const start = {
    command,
    env: {
      ...process.env,
      [HELD]: addEntry(process.env[HELD], `${process.pid}:${lock.filename}`),
      ...(everywhere === null ? {} : { [TOKEN]: String(await tokenOf(everywhere)) }),
    },
    descriptors: hold === undefined ? inherited : [...inherited, hold.file.fd],
  };
  if (!request.fork) await become(start);
  const ending = await runCommand(
    start,
    signals,
    (pid) => hold && stampFor(hold, pid),
    everywhere?.signal,
  );
  const lost = everywhere === null ? null : await releaseEverywhere(everywhere);
  // What the command has left running holds the lock as well, if it has inherited it.
  if (hold !== undefined) leave(hold);
  else lock.release();
  return lost ?? ending;
}

/** Releases the lock of all hosts. @returns how to end if it had been lost; null if it was held until now. */
async function releaseEverywhere(everywhere: ClusterLock<LockFile>): Promise<Ending | null> {
  try {
    await everywhere.release();
    return null;
  } catch (error) {
    complain(messageOf(error));
    return RUN.lost;
  }
}

async function tokenOf(everywhere: ClusterLock<LockFile>): Promise<bigint> {
  try {
    return await everywhere.token();
  } catch (error) {
    throw asCannotRun(error);
  }
}

/** Takes the lock. @returns how to end without it; null once it is held. */
async function take(
  lock: LockFile,
  everywhere: ClusterLock<LockFile> | null,
  { wait, timeout, conflictExitCode, quiet, tellsWaits, mode }: RunRequest,
  signals: Signals,
): Promise<Ending | null> {
  const options = {
    raiseIfFail: true,
    wait,
    timeout: timeout?.ms,
    signal: signals.signal,
    onWait: tellsWaits ? (waiting: Waiting) => tellWaiting(lock, waiting) : undefined,
  };
  const ancestor = findAncestorWith(lock.filename);
  if (ancestor !== null) {
    const waits =
      timeout !== undefined || (wait ?? (lock.constructor as typeof LockFile).DEFAULTS.wait);
    const fault = `${lock} is held by the run that this one is part of, PID ${ancestor}`;
    if (waits) {
      complain(`${fault}: waiting for it would never end. Leave the inner run out.`);
      return RUN.couldNotRun;
    }
    if (!quiet) complain(`${fault}. Leave the inner run out.`);
    return conflictExitCode;
  }
  heldForUs.push(...heldByAncestors());
  if (mode !== undefined) createLockFile(lock.filename, mode);
  const start = performance.now();
  using _stop = new OrderlyStop();
  try {
    await lock.acquire(options);
    if (everywhere !== null) {
      // The command may inherit the file, so that it is not for the cluster to release.
      const left = timeout && Math.max(0, start + timeout.ms - performance.now());
      await everywhere.acquire({ ...options, timeout: left });
    }
  } catch (error) {
    const isLocal = !lock.held;
    lock.release();
    if (signals.first !== null) return signals.first;
    const code = codeOf(error);
    if (code !== "LOCK_BUSY" && code !== "LOCK_TIMEOUT") {
      throw isLocal ? error : asCannotRun(error);
    }
    const waited = code === "LOCK_TIMEOUT" ? timeout?.text : undefined;
    const circle = error instanceof LockFileTimeout ? error.circle : null;
    if (!quiet) complain(isLocal ? explainBusy(lock, waited, circle) : messageOf(error));
    return conflictExitCode;
  }
  return signals.first;
}

function tellWaiting(lock: LockFile, { holder, since, ahead, circle }: Waiting): void {
  const name = holder === null ? "a process that is not known" : nameProcess(holder);
  const moment = since === null ? "" : ` since ${nameMoment(since)}`;
  const queue = ahead === 0 ? "" : `; ${ahead} ${ahead === 1 ? "waits" : "wait"} before this run`;
  const deadlock = circle === null ? "" : `; a deadlock: ${describeCircle(circle)}`;
  complain(`waiting for ${lock}: held by ${name}${moment}${queue}${deadlock}`);
}

function explainBusy(lock: LockFile, waited: string | undefined, circle: Circle | null): string {
  const still = waited === undefined ? "busy" : `still busy after ${waited}`;
  const advice =
    waited === undefined
      ? "Wait for it with --wait, or for some time with --timeout 30s."
      : adviseAfter(circle);
  // Whoever may see this command line sees it by ps as well.
  const holder = nameHolder(lookForHolder(lock.filename), true);
  return `${lock} is ${still}: ${lock.filename} is held by ${holder}. ${advice}`;
}

/** Tells a command the fencing token of a lock that is held on all hosts. */
const TOKEN = "LOCK_TOKEN";

/** Tells a command, and a `run` in it, which locks are held for it: a line `<PID of run>:<file>` for each. */
const HELD = "LOCK_CATALOGUE_HELD";

function addEntry(entries: string | undefined, entry: string): string {
  return entries ? `${entries}\n${entry}` : entry;
}

/**
 * The PID of a `run` that holds the lock of a file and waits for a command of which this process is a part;
 * null if there is none. Its entry in the environment is not enough: what a command leaves running in the
 * background has it, too.
 */
function findAncestorWith(path: string): number | null {
  const file = identityAt(path);
  if (file === null) return null;
  for (const { pid, path: held } of entriesOf(process.env[HELD])) {
    const there = identityAt(held);
    if (there === null || !isSame(there, file)) continue;
    if (isAncestor(pid) || lockOf(process.pid, file) === "exclusive") return pid;
  }
  return null;
}

function entriesOf(entries = ""): { readonly pid: number; readonly path: string }[] {
  return entries.split("\n").flatMap((entry) => {
    const { pid, path } = /^(?<pid>\d+):(?<path>\/.*)$/su.exec(entry)?.groups ?? {};
    return pid === undefined || path === undefined ? [] : [{ pid: Number(pid), path }];
  });
}

/** The locks that runs hold for this process, as the environment tells. */
function heldByAncestors(): HeldLock[] {
  return entriesOf(process.env[HELD]).flatMap(({ pid, path }) =>
    isAncestor(pid) ? [{ kind: "LockFile", path }] : [],
  );
}

function isAncestor(ancestor: number): boolean {
  for (let pid: number | null = process.pid; pid !== null && pid > 0; pid = parentOf(pid)) {
    if (pid === ancestor) return true;
  }
  return false;
}
