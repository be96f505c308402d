import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { until } from "../support/bounded.js";
import { inChild } from "../support/child.js";
import { temporaryDirectory } from "../support/directory.js";
import { FAULT, withFaultyCalls } from "../support/faulty-calls.js";
import { hasCompiler } from "../support/faulty-flock.js";
import { Peer } from "../support/peer.js";
import { waitersOn } from "../support/proc-locks.js";

/** What the manual pages list, and what network file systems and failing disks say beyond them. */
const ERRNOS = {
  open: [
    ...["EACCES", "EAGAIN", "EBUSY", "EDQUOT", "EEXIST", "EFAULT", "EFBIG", "EINTR", "EINVAL"],
    ...["EIO", "EISDIR", "ELOOP", "EMFILE", "ENAMETOOLONG", "ENFILE", "ENODEV", "ENOENT"],
    ...["ENOMEM", "ENOSPC", "ENOTDIR", "ENXIO", "EOPNOTSUPP", "EOVERFLOW", "EPERM", "EROFS"],
    ...["ESTALE", "ETXTBSY"],
  ],
  flock: ["EBADF", "EINTR", "EINVAL", "EIO", "ENOLCK", "ENOSYS", "EOPNOTSUPP", "ESTALE"],
  fstat: ["EBADF", "EFAULT", "EIO", "ENOMEM", "EOVERFLOW", "ESTALE"],
  lstat: [
    ...["EACCES", "EFAULT", "EIO", "ELOOP", "ENAMETOOLONG", "ENOENT", "ENOMEM", "ENOTDIR"],
    ...["EOVERFLOW", "ESTALE"],
  ],
  read: ["EAGAIN", "EBADF", "EFAULT", "EINTR", "EINVAL", "EIO", "EISDIR", "ESTALE"],
  write: [
    ...["EAGAIN", "EBADF", "EDQUOT", "EFAULT", "EFBIG", "EINTR", "EINVAL", "EIO", "ENOSPC"],
    ...["EPERM", "ESTALE"],
  ],
  ftruncate: ["EBADF", "EFBIG", "EINTR", "EINVAL", "EIO", "EPERM"],
  close: ["EBADF", "EDQUOT", "EINTR", "EIO", "ENOSPC"],
  unlink: [
    ...["EACCES", "EBUSY", "EFAULT", "EIO", "EISDIR", "ELOOP", "ENAMETOOLONG", "ENOENT"],
    ...["ENOMEM", "ENOTDIR", "EPERM", "EROFS", "ESTALE"],
  ],
} as const;

type Call = keyof typeof ERRNOS;

/** Numbers of errnos. */
const { errno } = constants;

/**
 * The operations, each on a file of its own or on one that another process holds. `told` runs one beside a fault, and
 * tells what came of it: its value or the code of its error, and after that whatever is wrong with that.
 */
const OPERATIONS = `${FAULT}
  const busy = args[0] + "/busy/.cron.lock";
  const lockOf = (path) => barman.barman.identify(path);
  const directoryOf = (path) => path.slice(0, -"/.cron.lock".length);
  const scan = async (path) => {
    const [entry] = await barman.barman.scan(directoryOf(path));
    if (entry === undefined) return "no file";
    return entry.state === "unreadable" ? "unreadable: " + entry.reason.split(/[:,] /)[0] : entry.state;
  };
  const sweep = async (path) => {
    const { removed, held, failed } = await barman.barman.sweep(directoryOf(path));
    if (failed.length > 0) throw failed[0].error;
    return removed.length > 0 ? "removed" : held.length > 0 ? "held" : "no file";
  };
  const FREE = {
    "acquire": (lock) => lock.acquire(),
    "acquireSync": (lock) => lock.acquireSync(),
    "acquire(timeout)": (lock) => lock.acquire({ timeout: 10 }),
    "acquireSync(timeout)": (lock) => lock.acquireSync({ timeout: 10 }),
    "getOwnerPid": (lock) => lock.getOwnerPid(),
    "scan": ({ filename }) => scan(filename),
    "sweep": ({ filename }) => sweep(filename),
    "release": (lock) => lock.release(),
  };
  const BUSY = {
    "acquire": FREE["acquire"],
    "acquireSync": FREE["acquireSync"],
    "acquire(timeout)": (lock) => lock.acquire({ timeout: 5 }),
    "acquireSync(timeout)": (lock) => lock.acquireSync({ timeout: 5 }),
    "getOwnerPid": (lock) => typeof lock.getOwnerPid(),
    "scan": FREE["scan"],
    "sweep": FREE["sweep"],
  };
  const PASSES = {
    "acquire(timeout)": (lock) => lock.acquire({ timeout: 20_000 }),
    "acquireSync(timeout)": (lock) => lock.acquireSync({ timeout: 20_000 }),
  };
  // Without those that Node.js keeps: the one of inotify, and one of spawnSync if that gets no pipe.
  const open = () => fs.readdirSync("/proc/self/fd").filter((fd) => {
    try { return !/^anon_inode:(inotify|.eventpoll.)$/.test(fs.readlinkSync("/proc/self/fd/" + fd)); } catch { return false; }
  }).length;
  const opened = open();
  async function told(operation, run, isBusy, inject) {
    let path = busy;
    if (!isBusy) {
      path = fs.mkdtempSync(args[0] + "/free") + "/.cron.lock";
      // To be shortened.
      fs.writeFileSync(path, "9999999999   \\n");
    }
    const lock = lockOf(path);
    if (operation === "release") lock.acquireSync();
    let outcome;
    fs.writeSync(2, operation + "\\n");
    inject?.(path);
    try {
      outcome = String((await run(lock)) ?? "null");
    } catch (error) {
      outcome = error.code ?? String(error);
      if (!error.message.includes(path)) outcome += ", does not name the file";
      if (operation === "release") outcome += ", thrown";
    }
    const hit = hits();
    lock.release();
    // A read of the kernel's table may be under way.
    const end = performance.now() + 10_000;
    while (open() > opened && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 1));
    if (open() > opened) outcome += ", leaks";
    const next = lockOf(path);
    if (!isBusy && (await attempt(() => next.acquireSync())).value !== true) outcome += ", is never released";
    next.release();
    return { outcome, hit };
  }
`;

/** What no outcome may be, whatever the system says. */
const FAULTY = /does not name the file|thrown|leaks|never released|TypeError|Unknown/;

interface Row {
  readonly group: string;
  readonly call: Call;
  readonly name: string;
  readonly outcomes: Readonly<Record<string, string>>;
  /** How many calls failed. */
  readonly hit: number;
}

async function directoryWithBusyFile(): Promise<string> {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, "busy"));
  await Peer.holding(join(directory, "busy", ".cron.lock"));
  return directory;
}

/** What differs from an operation without a fault, errnos with the same outcomes together. */
function table(rows: readonly Row[], usual: Readonly<Record<string, string>>): string {
  const byOutcome = new Map<string, string[]>();
  for (const { group, call, name, outcomes } of rows) {
    const itself = new RegExp(`\\b${name === "EOPNOTSUPP" ? "ENOTSUP" : name}\\b`);
    const cells = Object.entries(outcomes).flatMap(([operation, outcome]) =>
      outcome === usual[`${group} ${operation}`]
        ? []
        : [`    ${operation}: ${outcome.replace(itself, "the same")}\n`],
    );
    const key = `${group}, ${call}(2) \n${cells.join("") || "    as without\n"}`;
    byOutcome.set(key, [...(byOutcome.get(key) ?? []), name]);
  }
  return [...byOutcome].map(([key, names]) => key.replace("\n", `${names.join(" ")}\n`)).join("");
}

/** Some thousand operations, on a busy machine. */
const LONGEST_MS = 240_000;

describe.skipIf(!hasCompiler)(
  "what the system may say, call by call,",
  { timeout: LONGEST_MS },
  () => {
    it("hangs nothing, masks nothing, names the file, and is waited out if it may pass", async () => {
      const cases = Object.entries(ERRNOS).flatMap(([call, names]) =>
        names.map((name: keyof typeof errno) => [call, name, errno[name]]),
      );
      const script = `${OPERATIONS}
      const usual = {};
      const rows = [];
      for (const [group, operations] of Object.entries({ free: FREE, busy: BUSY, "passes, free": PASSES })) {
        const isBusy = group === "busy";
        for (const [operation, run] of Object.entries(operations)) {
          usual[group + " " + operation] = (await told(operation, run, isBusy)).outcome;
        }
        for (const [call, name, number] of ${JSON.stringify(cases)}) {
          if (group.startsWith("passes") && !["open", "flock", "fstat", "lstat"].includes(call)) continue;
          const row = { group, call, name, outcomes: {}, hit: 0 };
          const times = name === "EINTR" || group.startsWith("passes") ? 3 : 1e9;
          for (const [operation, run] of Object.entries(operations)) {
            // There is nothing to release in a descriptor that somebody else has closed.
            if (operation === "release" && call === "fstat" && name === "EBADF") continue;
            const { outcome, hit } = await told(operation, run, isBusy, (path) => fault(call, number, times, path));
            row.outcomes[operation] = outcome;
            row.hit += hit;
          }
          rows.push(row);
        }
      }
      tell({ rows, usual });
    `;
      const { rows, usual } = await inChild<{ rows: Row[]; usual: Record<string, string> }>(
        script,
        {
          ...withFaultyCalls(await directoryWithBusyFile()),
          patience: LONGEST_MS - 10_000,
        },
      );
      const text = table(rows, usual);
      console.log(text);
      for (const call of Object.keys(ERRNOS)) {
        const hits = rows.filter((row) => row.call === call).map(({ hit }) => hit);
        expect(Math.max(...hits), call).toBeGreaterThan(0);
      }
      expect(text).not.toMatch(FAULTY);
      await expect(text).toMatchFileSnapshot("errno-table.txt");
    });

    it("fails an operation cleanly, whichever of its calls it is", async () => {
      const file = await directoryWithBusyFile();
      // A process that waits in the kernel's queue: beside it, a wait queues there as well.
      const waiter = spawn("flock", ["-x", join(file, "busy", ".cron.lock"), "true"]);
      onTestFinished(() => void waiter.kill("SIGKILL"));
      await until("it waits", () => waitersOn(join(file, "busy", ".cron.lock"))?.length === 1);
      const script = `${OPERATIONS}
      const QUEUES = {
        "acquire(timeout)": (lock) => lock.acquire({ timeout: 80 }),
        "acquireSync(timeout)": (lock) => lock.acquireSync({ timeout: 80 }),
      };
      const outcomes = [];
      for (const [group, operations] of Object.entries({ free: FREE, busy: BUSY, queues: QUEUES })) {
        for (const [operation, run] of Object.entries(operations)) {
          for (const call of ${JSON.stringify(Object.keys(ERRNOS))}) {
            for (let n = 0; n < 12; n++) {
              const { outcome, hit } = await told(operation, run, group !== "free", (path) => fault(call, ${errno.EIO}, 1, path, n));
              if (hit === 0) break;
              outcomes.push([group, operation, call, n + 1, outcome].join(" "));
            }
          }
        }
      }
      tell(outcomes);
    `;
      const outcomes = await inChild<string[]>(script, {
        ...withFaultyCalls(file),
        patience: LONGEST_MS - 10_000,
      });
      expect(outcomes.filter((outcome) => FAULTY.test(outcome))).toEqual([]);
      for (const group of ["free acquire", "busy acquire", "queues acquireSync"]) {
        const failed = outcomes.filter((outcome) => outcome.startsWith(`${group}`));
        expect(failed.length, group).toBeGreaterThan(5);
      }
    });

    // What starts a helper, setpriv or flock: fork(2), pipe2(2), execve(2).
    const STARTS = {
      fork: ["EAGAIN", "ENOMEM", "ENOSYS"],
      pipe: ["EMFILE", "ENFILE"],
      exec: [
        ...["E2BIG", "EACCES", "EINVAL", "EIO", "EISDIR", "ELOOP", "EMFILE", "ENAMETOOLONG"],
        ...["ENFILE", "ENOENT", "ENOEXEC", "ENOMEM", "ENOTDIR", "EPERM", "ETXTBSY"],
      ],
    } as const;

    it("costs no wait its lock if no helper can be started, and hangs none", async () => {
      const directory = await directoryWithBusyFile();
      const path = join(directory, "busy", ".cron.lock");
      const waiter = spawn("flock", ["-x", path, "true"]);
      onTestFinished(() => void waiter.kill("SIGKILL"));
      await until("it waits", () => waitersOn(path)?.length === 1);
      // A child each: a program that is missing is tried once.
      const cases = Object.entries(STARTS).flatMap(([call, names]) =>
        names.map((name) => ({ call, name })),
      );
      const waits = cases.map(async ({ call, name }, n) => {
        const operation = n % 2 === 0 ? "acquire" : "acquireSync";
        const script = `${OPERATIONS}
        // A helper is started late on a busy machine.
        let seen = { hit: 0 };
        for (let timeout = 100; seen.hit === 0 && timeout < 20_000; timeout *= 3) {
          const run = (lock) => lock.${operation}({ timeout });
          seen = await told("wait", run, true, () => fault("${call}", ${errno[name]}, 1e9, ""));
        }
        tell(seen.outcome + (seen.hit > 0 ? "" : ", not called"));
      `;
        return `${operation}, ${call}(2) ${name}: ${await inChild(script, withFaultyCalls(directory))}`;
      });
      const seen = await Promise.all(waits);
      console.log(seen.join("\n"));
      expect(seen.filter((outcome) => !/: LOCK_TIMEOUT$/.test(outcome))).toEqual([]);
    });

    it("costs a synchronous wait neither lock nor descriptors if those are short", async () => {
      const directory = await directoryWithBusyFile();
      const waiter = spawn("flock", ["-x", join(directory, "busy", ".cron.lock"), "true"]);
      onTestFinished(() => void waiter.kill("SIGKILL"));
      const script = `
      const fill = () => {
        const taken = [];
        try {
          for (;;) taken.push(fs.openSync("/dev/null"));
        } catch {
          return taken;
        }
      };
      const lock = new LockFile(args[0] + "/busy/.cron.lock");
      // Loads what a wait needs.
      await attempt(() => lock.acquireSync({ timeout: 100 }));
      const seen = [];
      for (const left of [0, 1, 2, 5, 20]) {
        const taken = fill();
        for (let i = 0; i < left; i++) fs.closeSync(taken.pop());
        const { code } = await attempt(() => lock.acquireSync({ timeout: 100 }));
        const rest = fill();
        seen.push([left, code, rest.length].join(" "));
        for (const fd of [...taken, ...rest]) fs.closeSync(fd);
      }
      tell(seen);
    `;
      const seen = await inChild(script, {
        args: [directory],
        // Else a thread of Node.js that gives memory back opens a file of /proc meanwhile.
        shell: 'ulimit -n 64; export MALLOC_ARENA_MAX=1; exec "$@"',
      });
      expect(seen).toEqual([
        "0 EMFILE 0",
        ...["1", "2", "5", "20"].map((left) => `${left} LOCK_TIMEOUT ${left}`),
      ]);
    });
  },
);
