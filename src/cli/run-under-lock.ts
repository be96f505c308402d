import { dirname } from "node:path";
import { type Circle, codeOf, type LockFileBusy, LockFileTimeout, messageOf } from "../errors.js";
import { adviseAfter } from "../failure.js";
import { describeCircle } from "../holder/circle.js";
import { lookForHolder, nameHolder } from "../holder/find-holder.js";
import { type HeldLock, heldAs, heldForUs, leave, stampFor } from "../lock/held.js";
import { LockFile } from "../lock-file.js";
import type { Waiting } from "../options.js";
import { compareLocks } from "../order.js";
import type { Cluster, ClusterLock } from "../postgres/index.js";
import { acquireAll, type LockSet } from "../several.js";
import { makingOf } from "../system/group.js";
import { createLockFile, identityAt, isSame } from "../system/open-file.js";
import { lockOf, parentOf } from "../system/process.js";
import { asCannotRun, openCluster } from "./cluster.js";
import { CannotRun, complain, RUN, requireDirectory } from "./exit.js";
import { type Duration, nameMoment, nameProcess } from "./format.js";
import { type Ending, OrderlyStop, Signals } from "./signals.js";
import { become, canBecome, inheritedDescriptors, runCommand } from "./start-command.js";

/** Which locks to hold, and how. */
export interface RunRequest {
  /** Each a lock, or any file; held all or none. */
  readonly locks: readonly (LockFile | { readonly file: string })[];
  /** Undefined: the default of the kind. */
  readonly wait: boolean | undefined;
  readonly timeout: Duration | undefined;
  /** Whether others may share the locks. */
  readonly shared: boolean;
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
 * Takes locks, runs a command, and releases the locks when the command has ended.
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
  const locks = request.locks.map((lock) => ("file" in lock ? new LockFile(lock.file) : lock));
  for (const { filename } of locks) requireDirectory(dirname(filename));
  // Before a lock is opened: what is open now was open when this program was started.
  const inherited = inheritedDescriptors();
  using signals = new Signals();
  await using hosts = request.cluster ? await openCluster() : null;
  const taken = await take(locks, hosts, request, signals);
  if (typeof taken !== "object") return taken;
  const { set, everywhere } = taken;
  const paths = locks.filter(isHeld).map(({ filename }) => filename);
  const holds = request.inherit ? paths.flatMap((path) => heldAs(path) ?? []) : [];
  const start = {
    command,
    env: {
      ...process.env,
      [HELD]: paths.reduce<string | undefined>(addEntry, process.env[HELD]),
      ...(everywhere.length === 0 ? {} : { [TOKEN]: await tokensOf(everywhere) }),
    },
    descriptors: [...inherited, ...holds.map(({ file }) => file.fd)],
  };
  if (!request.fork) await become(start);
  const ending = await runCommand(
    start,
    signals,
    (pid) => {
      for (const hold of holds) stampFor(hold, pid);
    },
    AbortSignal.any(everywhere.map(({ signal }) => signal)),
  );
  const lost = await releaseEverywhere(everywhere);
  // What the command has left running holds the locks as well, if it has inherited them.
  for (const hold of holds.reverse()) leave(hold);
  if (!request.inherit) set.release();
  return lost ?? ending;
}

/** Releases the locks of all hosts. @returns how to end if one had been lost; null if all were held until now. */
async function releaseEverywhere(everywhere: readonly Everywhere[]): Promise<Ending | null> {
  let ending: Ending | null = null;
  for (const lock of everywhere.toReversed()) {
    try {
      await lock.release();
    } catch (error) {
      complain(messageOf(error));
      ending = RUN.lost;
    }
  }
  return ending;
}

async function tokensOf(everywhere: readonly Everywhere[]): Promise<string> {
  try {
    const tokens = await Promise.all(everywhere.map((lock) => lock.token()));
    return tokens.join("\n");
  } catch (error) {
    throw asCannotRun(error);
  }
}

type Everywhere = ClusterLock<LockFile>;

/** Locks that are held, and those of them that are held on all hosts, in the order in which they were named. */
interface Taken {
  readonly set: LockSet<readonly LockFile[]>;
  readonly everywhere: readonly Everywhere[];
}

/** Creates the file of a lock with a mode instead of that of its kind, in the group of its kind. */
function create(lock: LockFile, mode: number): void {
  const { FILE } = lock.constructor as typeof LockFile;
  createLockFile(lock.filename, makingOf(lock.filename, { ...FILE, mode }));
}

/** Takes the locks. @returns how to end without them, or that they are held. */
async function take(
  locks: readonly LockFile[],
  hosts: Cluster | null,
  { wait, timeout, shared, conflictExitCode, quiet, tellsWaits, mode }: RunRequest,
  signals: Signals,
): Promise<Ending | Taken> {
  for (const lock of locks) {
    const ancestor = findAncestorWith(lock.filename, shared);
    if (ancestor === null) continue;
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
  if (mode !== undefined) for (const lock of locks) create(lock, mode);
  const options = {
    wait,
    signal: signals.signal,
    mode: shared ? ("shared" as const) : undefined,
  };
  const onWait = (waiting: Waiting, lock: LockFile): void => tellWaiting(lock, waiting);
  const start = performance.now();
  using _stop = new OrderlyStop();
  let set: LockSet<readonly LockFile[]> | null = null;
  let everywhere: readonly Everywhere[] = [];
  try {
    set = await acquireAll(locks, {
      ...options,
      timeout: timeout?.ms,
      onWait: tellsWaits ? onWait : undefined,
    });
    if (hosts !== null) everywhere = locks.filter(isHeld).map((lock) => hosts.lock(lock));
    // The command may inherit the files, so that they are not for the cluster to release.
    for (const lock of everywhere.toSorted((a, b) => compareLocks(a.file, b.file))) {
      const left = timeout && Math.max(0, start + timeout.ms - performance.now());
      await lock.acquire({ ...options, raiseIfFail: true, timeout: left });
    }
    if (signals.first === null) return { set, everywhere };
  } catch (error) {
    if (signals.first === null) {
      const code = codeOf(error);
      if (code !== "LOCK_BUSY" && code !== "LOCK_TIMEOUT") {
        throw set === null ? error : asCannotRun(error);
      }
      const waited = code === "LOCK_TIMEOUT" ? timeout?.text : undefined;
      const circle = error instanceof LockFileTimeout ? error.circle : null;
      const { path } = error as LockFileBusy;
      const lock = set === null && locks.find(({ filename }) => filename === path);
      if (!quiet) complain(lock ? explainBusy(lock, waited, circle) : messageOf(error));
    }
    // Not left to the end of the session, which the server notices only after this process has ended.
    await Promise.allSettled(everywhere.map((lock) => lock.release()));
    set?.release();
  }
  return signals.first ?? conflictExitCode;
}

/** Of two objects that are one lock, only one has it. */
function isHeld({ held }: LockFile): boolean {
  return held;
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

function addEntry(entries: string | undefined, path: string): string {
  const entry = `${process.pid}:${path}`;
  return entries ? `${entries}\n${entry}` : entry;
}

/**
 * The PID of a `run` that holds the lock of a file and waits for a command of which this process is a part;
 * null if there is none. Its entry in the environment is not enough: what a command leaves running in the
 * background has it, too. Who shares it keeps nobody out who is to share it as well.
 */
function findAncestorWith(path: string, shared: boolean): number | null {
  const file = identityAt(path);
  if (file === null) return null;
  for (const { pid, path: held } of entriesOf(process.env[HELD])) {
    const there = identityAt(held);
    if (there === null || !isSame(there, file)) continue;
    const isOurs = isAncestor(pid);
    const lock = lockOf(isOurs ? pid : process.pid, file);
    if (lock === "exclusive" || (lock === "shared" && !shared) || (isOurs && lock === null))
      return pid;
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
