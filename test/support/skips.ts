import type { Reporter, TestModule } from "vitest/node";

/**
 * The tests that CI may skip: their name begins so, and this is why a machine may be unable to run them. Any other test
 * that is skipped where CI is set fails the run: something that the machine was to have is missing.
 */
const MAY_SKIP: readonly (readonly [name: string, reason: string])[] = [
  [
    "test/lock/file-types.test.ts > what is not a regular file is never locked, and never changed > a device that has no",
    "only root makes devices",
  ],
  [
    "test/lock/permission.test.ts > a sticky directory of another owner > ",
    "only root gives files to others",
  ],
  [
    "test/lock/otherwise.test.ts > ",
    "git, sqlite3 and cargo are not installed for these tests alone: cargo takes longer than all of them",
  ],
  [
    "test/lock/rights.test.ts > a file whose group is declared > ",
    "only root can become another user",
  ],
  ["test/lock/rights.test.ts > a group that a container", "containers often forbid namespaces"],
  ["test/lock/shared.test.ts > who may only read", "only root can become another user"],
  ["test/lock/permission.test.ts > a file system > ", "containers often forbid mounts"],
  ["test/lock/system.test.ts > a file system > ", "containers often forbid mounts"],
  [
    "test/cli/run.test.ts > lock-catalogue run, used wrongly, > names the remedy for a file",
    "root may change attributes on ext4 and some other file systems",
  ],
  [
    "test/cli/run.test.ts > lock-catalogue run, used wrongly, > names the remedy for a file system",
    "containers often forbid mounts",
  ],
  [
    "test/cli/run-inherit.test.ts > lock-catalogue run whose command has changed its user > ",
    "only root makes setuid programs for others",
  ],
  [
    "test/cli/run-inherit.test.ts > lock-catalogue run --no-fork > ",
    "Node.js becomes another program from 22.15 on; what it says before that is the other case",
  ],
  [
    "test/cli/run-several.test.ts > lock-catalogue run with several locks > leaves all to what it becomes",
    "Node.js becomes another program from 22.15 on",
  ],
  [
    "test/wait/orphans.test.ts > the helper of a process > that becomes another program",
    "Node.js becomes another program from 22.15 on",
  ],
  [
    "test/holder/no-proc.test.ts > where the system tells nothing of its processes > ",
    "containers often forbid mounts",
  ],
  [
    "test/lock/native-missing.test.ts > where the add-on is there and may not be loaded > says why, and what to do: a Worker whose",
    "containers often forbid mounts",
  ],
  [
    "test/holder/file-systems.test.ts > ",
    "containers often forbid mounts, and some kernels have no btrfs or overlayfs",
  ],
  ["test/cli/doctor.test.ts > lock-catalogue doctor > knows", "containers often forbid mounts"],
  [
    "test/cli/doctor.test.ts > lock-catalogue doctor > says that this user",
    "only root can become another user",
  ],
  [
    "test/cli/doctor.test.ts > lock-catalogue doctor > tells that it is",
    "containers often forbid namespaces",
  ],
  [
    "test/holder/inspect-lock.test.ts > lock.inspect() > names the holder that the kernel",
    "containers often forbid mounts",
  ],
  ["test/holder/namespaces.test.ts > ", "containers often forbid namespaces and mounts"],
  ["test/barman/commands.test.ts > ", "some containers forbid ptrace(2), and strace with it"],
  ["test/codegen/folding.test.ts > ", "containers often forbid mounts"],
  ["test/codegen/kept.test.ts > a file that is rewritten > ", "only root gives files to others"],
  ["test/codegen/kept.test.ts > runs at once in several PID", "containers often forbid namespaces"],
  ["test/codegen/kept.test.ts > a read-only checkout > ", "containers often forbid mounts"],
  [
    "test/codegen/rare.test.ts > on a full disk nothing is half written",
    "containers often forbid mounts",
  ],
];

/** A Vitest reporter: names every skipped test, and fails a run of CI that skips one which it must not. */
export default class Skips implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const module of modules) {
      for (const test of module.children.allTests("skipped")) {
        const name = `${module.relativeModuleId} > ${test.fullName}`;
        const reason = MAY_SKIP.find(([start]) => name.startsWith(start))?.[1];
        if (reason !== undefined) {
          console.log(`skipped: ${name} (${reason})`);
        } else if (process.env["CI"] === undefined) {
          console.log(`skipped: ${name}`);
        } else {
          console.log(`FAILED, as it was skipped: ${name}`);
          process.exitCode = 1;
        }
      }
    }
  }
}
