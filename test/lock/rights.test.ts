import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inChild, isRoot, nobodyReads, type Outcome } from "../support/child.js";
import { cliIn, MAIN, Running } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { ROOT } from "../support/root.js";

/** A kind of files with rights, as it is generated. */
const kindOf = (rights: string): string => `
class SharedLock extends LockFile {
  static TEMPLATE = "shared.lock";
  static LOCK_PATTERN = /^shared\\.lock$/u;
  static FILE = ${rights};
  kind = "SharedLock";
  constructor(directory, options) { super(new.target.locate(directory, {}), options); }
  static buildIfMatches(path) {
    const read = this.read(path, []);
    return read && new this(read.lockDirectory);
  }
}
const { Catalogue } = await import("lock-catalogue");
const shared = new Catalogue("shared", [SharedLock]);
const lock = new SharedLock(args[0]);
`;

/** Mode and group of the file in a directory. */
function rightsIn(directory: string): readonly [mode: string, gid: number] {
  const { mode, gid } = statSync(join(directory, "shared.lock"));
  return [(mode & 0o7777).toString(8), gid];
}

/** A directory that all may write. */
function open(): string {
  const directory = temporaryDirectory();
  chmodSync(directory, 0o777);
  return directory;
}

const GROUP = 23_456;

/** A shell that runs the script as another user, in some groups. */
const as = (uid: number, ...groups: readonly number[]): string => {
  const more = groups.length === 0 ? "--clear-groups" : `--groups ${groups.join(",")}`;
  return `exec setpriv --reuid ${uid} --regid ${uid} ${more} "$@"`;
};

const TAKE = "tell(await attempt(() => lock.acquire()));";

describe("a file whose mode is declared", () => {
  it.each(["077", "000", "777"])("has it whatever the umask: %s", async (umask) => {
    const directory = open();
    const shell = `umask ${umask}; exec "$@"`;
    const script = kindOf("{ mode: 0o660 }") + TAKE;
    expect(await inChild(script, { args: [directory], shell })).toEqual({ value: true });
    expect(rightsIn(directory)[0]).toBe("660");
  });

  it.each(["acquireSync()", 'acquire({ mode: "shared" })', "acquire({ timeout: 5000 })"])(
    "has it after lock.%s",
    async (call) => {
      const directory = open();
      const script = `${kindOf("{ mode: 0o664 }")}SharedLock.SHARED = true;
        tell(await attempt(() => lock.${call}));`;
      expect(await inChild(script, { args: [directory] })).toEqual({ value: true });
      expect(rightsIn(directory)[0]).toBe("664");
    },
  );

  it("keeps the rights that it has, if it is there", async () => {
    const directory = open();
    const file = join(directory, "shared.lock");
    writeFileSync(file, "");
    chmodSync(file, 0o644);
    const script = kindOf("{ mode: 0o660 }") + TAKE;
    expect(await inChild(script, { args: [directory] })).toEqual({ value: true });
    expect(rightsIn(directory)[0]).toBe("644");
  });

  it("is swept, and has it again; one with more rights is kept", async () => {
    const directory = open();
    const script = `${kindOf("{ mode: 0o660 }")}
      const file = lock.filename;
      const modes = [];
      const take = async () => {
        await lock.acquire();
        modes.push((fs.statSync(file).mode & 0o777).toString(8));
        lock.release();
      };
      const sweep = async () => {
        const { removed, failed } = await shared.sweep(args[0]);
        return [removed.length, ...failed.map(({ error }) => error.message)];
      };
      await take();
      const first = await sweep();
      const isGone = !fs.existsSync(file);
      await take();
      fs.chmodSync(file, 0o666);
      tell({ first, isGone, modes, second: await sweep() });
    `;
    const seen = await inChild<{ second: unknown }>(script, { args: [directory] });
    expect(seen).toMatchObject({ first: [1], isGone: true, modes: ["660", "660"] });
    expect(seen.second).toEqual([
      0,
      expect.stringMatching(/is kept: it has mode 0666.* a new file would have mode 0660/u),
    ]);
  });

  it("is not there if there is no such group", async () => {
    const directory = open();
    const script = kindOf('{ mode: 0o660, group: "no_such_group_here" }') + TAKE;
    const error = await inChild<Outcome>(script, { args: [directory] });
    expect(error).toMatchObject({
      name: "LockFileException",
      path: join(directory, "shared.lock"),
    });
    expect(error.message).toMatch(/mode 0660 and group no_such_group_here.* there is no group/u);
    expect(existsSync(join(directory, "shared.lock"))).toBe(false);
  });

  it("tells doctor if it has others", async () => {
    const directory = open();
    const spec = join(directory, "locks.yaml");
    writeFileSync(
      spec,
      'catalogue: some\noutput: out\nmode: "0660"\nlocks:\n  SharedLock:\n    template: shared.lock\n    description: All.\n',
    );
    const file = join(directory, "shared.lock");
    writeFileSync(file, "");
    chmodSync(file, 0o660);
    const ask = () => cliIn({}, "doctor", "--catalogue", spec, directory);
    expect((await ask()).out).toMatch(/^good {5}rights: /mu);
    chmodSync(file, 0o600);
    const { code, out } = await ask();
    expect(code).toBe(1);
    expect(out).toContain(`bad      rights: ${file} has mode 0600, group `);
    expect(out).toMatch(/its catalogue says mode 0660\n.*`chmod 0660` it/u);
    expect(rightsIn(directory)[0]).toBe("600");
  });
});

/** A user of the group who holds the lock until it is killed. */
function hold(directory: string, uid: number): Running {
  const source = `
    import { LockFile } from "lock-catalogue";
    const args = process.argv.slice(1);
    ${kindOf(`{ mode: 0o660, group: ${GROUP} }`)}
    await lock.acquire();
    console.log("held");
    setInterval(() => {}, 1e6);`;
  const node = [process.execPath, "--input-type=module", "--eval", source, "--", directory];
  return new Running("sh", ["-c", as(uid, GROUP), "sh", ...node], { cwd: ROOT });
}

const canMapUsers = spawnSync("unshare", ["-r", "true"]).status === 0;

it.skipIf(!canMapUsers)("a group that a container does not know is told", async () => {
  const directory = open();
  const named = kindOf(`{ mode: 0o660, group: ${GROUP} }`) + TAKE;
  const around = { args: [directory], shell: 'exec unshare -r "$@"' };
  const error = await inChild<Outcome>(named, around);
  expect(error).toMatchObject({ name: "LockFilePermissionDenied", cause: "EINVAL" });
  expect(error.message).toMatch(/mode 0660 and group 23456 \(EINVAL\).* created without them/u);
  expect(rightsIn(directory)[0]).toBe("600");
});

describe.skipIf(!isRoot || !nobodyReads)("a file whose group is declared", () => {
  const script = (then: string): string => kindOf(`{ mode: 0o660, group: ${GROUP} }`) + then;

  it.each(["077", "000"])(
    "lets two users of the group exclude each other, umask %s",
    async (umask) => {
      const directory = open();
      // One creates the file and leaves it; then each holds it while the other asks.
      const create = { args: [directory], shell: `umask ${umask}; ${as(12_345, GROUP)}` };
      expect(await inChild(script(TAKE), create)).toEqual({ value: true });
      expect(rightsIn(directory)).toEqual(["660", GROUP]);
      for (const [holder, contender] of [
        [12_345, 12_346],
        [12_346, 12_345],
      ] as const) {
        const held = hold(directory, holder);
        await held.says("held");
        const around = { args: [directory], shell: as(contender, GROUP) };
        expect(await inChild<Outcome>(script(TAKE), around)).toMatchObject({
          name: "LockFileBusy",
        });
        held.child.kill("SIGKILL");
        await held.end();
        expect(await inChild(script(TAKE), around)).toEqual({ value: true });
      }
      expect(rightsIn(directory)).toEqual(["660", GROUP]);
    },
  );

  it("is not created by who is no member, who is told so", async () => {
    const directory = open();
    const error = await inChild<Outcome>(script(TAKE), { args: [directory], shell: as(12_345) });
    expect(error).toMatchObject({ name: "LockFilePermissionDenied" });
    expect(error.message).toMatch(
      /mode 0660 and group 23456, .*we are user 12345, group 12345\. Make this user a member/u,
    );
    expect(existsSync(join(directory, "shared.lock"))).toBe(false);
  });

  it("is not created by root who may not give files away, as in some containers", async () => {
    const directory = open();
    const shell = 'exec setpriv --bounding-set -chown "$@"';
    const error = await inChild<Outcome>(script(TAKE), { args: [directory], shell });
    expect(error).toMatchObject({ name: "LockFilePermissionDenied" });
    expect(error.message).toContain("we are user 0, ");
    expect(existsSync(join(directory, "shared.lock"))).toBe(false);
  });

  it("that the system has and no file lists is asked for", async () => {
    const directory = open();
    const program = join(directory, "getent");
    const answer = `[ "$1 $2" = "group far_away" ] && echo "far_away:*:${GROUP}:"`;
    writeFileSync(program, `#!/bin/sh\n${answer}\n`, { mode: 0o755 });
    const named = kindOf('{ mode: 0o660, group: "far_away" }') + TAKE;
    const shell = `PATH="${directory}:$PATH"; exec "$@"`;
    expect(await inChild(named, { args: [directory], shell })).toEqual({ value: true });
    expect(rightsIn(directory)).toEqual(["660", GROUP]);
  });

  it("is created by run --mode, with another mode", async () => {
    const directory = open();
    const spec = join(directory, "locks.yaml");
    const kind = "  SharedLock:\n    template: shared.lock\n    description: All.\n";
    const rights = `mode: "0660"\ngroup: ${GROUP}\n`;
    writeFileSync(spec, `catalogue: some\noutput: out\n${rights}locks:\n${kind}`);
    const run = (...flags: readonly string[]) => {
      const own = ["SharedLock", "--directory", directory, "--", "true"];
      return cliIn({}, "run", "--catalogue", spec, ...flags, ...own);
    };
    expect(await run("--mode", "0664")).toMatchObject({ code: 0, err: "" });
    expect(rightsIn(directory)).toEqual(["664", GROUP]);
    // Who is no member may hold what is there already, and not create it.
    const flags = `run --catalogue ${spec} --mode 0664 SharedLock --directory ${directory} -- true`;
    const other = (uid: number) =>
      new Running("sh", ["-c", as(uid), "sh", process.execPath, MAIN, ...flags.split(" ")]).end();
    chmodSync(join(directory, "shared.lock"), 0o666);
    expect(await other(12_345)).toMatchObject({ code: 0, err: "" });
    rmSync(join(directory, "shared.lock"));
    const { code, err } = await other(12_345);
    expect([code, err]).toEqual([125, expect.stringContaining("No permission to create")]);
    expect(await run()).toMatchObject({ code: 0, err: "" });
    expect(rightsIn(directory)).toEqual(["660", GROUP]);
  });

  it("is created by who is no member, if the directory gives its group", async () => {
    const directory = open();
    chownSync(directory, 0, GROUP);
    chmodSync(directory, 0o2777);
    const around = { args: [directory], shell: `umask 077; ${as(12_345)}` };
    expect(await inChild(script(TAKE), around)).toEqual({ value: true });
    expect(rightsIn(directory)).toEqual(["660", GROUP]);
  });

  it("tells whom it keeps out what is declared", async () => {
    const directory = open();
    const file = join(directory, "shared.lock");
    writeFileSync(file, "");
    chmodSync(file, 0o600);
    const around = { args: [directory], shell: as(12_345, GROUP) };
    const error = await inChild<Outcome>(script(TAKE), around);
    expect(error).toMatchObject({ name: "LockFilePermissionDenied", cause: "EACCES" });
    expect(error.message).toMatch(/mode 0600; .*Its catalogue says mode 0660 and group 23456/u);
    expect(rightsIn(directory)).toEqual(["600", 0]);
  });

  it("keeps nobody out who asks between its creation and its rights", async () => {
    const directory = open();
    // Whoever creates it comes to that while this one sleeps; a busy machine may take the time, hence several tries.
    const half = script(`
      process.setgroups([${GROUP}]);
      const asRoot = (work) => { process.seteuid(0); work(); process.seteuid(12346); };
      const sleep = Atomics.wait;
      let sleeps = 0;
      Atomics.wait = (...all) => {
        sleeps++;
        asRoot(() => { fs.chownSync(lock.filename, 0, ${GROUP}); fs.chmodSync(lock.filename, 0o660); });
        return sleep(...all);
      };
      let got = {};
      for (let tries = 0; tries < 200 && got.value !== true; tries++) {
        asRoot(() => {
          fs.rmSync(lock.filename, { force: true });
          fs.writeFileSync(lock.filename, "", { mode: 0o600 });
        });
        got = await attempt(() => lock.acquireSync());
      }
      // Not a new file, so that nobody is about to give it rights.
      lock.release();
      asRoot(() => fs.chmodSync(lock.filename, 0o600));
      await new Promise((resolve) => setTimeout(resolve, 200));
      sleeps = 0;
      tell({ got, old: (await attempt(() => lock.acquireSync())).name, sleeps });
    `);
    const seen = await inChild(half, { args: [directory] });
    expect(seen).toEqual({ got: { value: true }, old: "LockFilePermissionDenied", sleeps: 0 });
  });

  it("is found by its name", async () => {
    const directory = open();
    const named = kindOf('{ mode: 0o640, group: "daemon" }') + TAKE;
    expect(await inChild(named, { args: [directory] })).toEqual({ value: true });
    expect(rightsIn(directory)).toEqual(["640", 1]);
  });
});
