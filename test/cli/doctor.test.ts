import { chmodSync, mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exfat } from "../codegen/exfat.js";
import { canHavePids, canMount, inChild, isRoot, nobodyReads } from "../support/child.js";
import { cli, type Ending, MAIN, Running } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";

const NODE = process.execPath;

/** What doctor says of one thing, by its JSON. */
function finding({ out }: Ending, check: string): unknown {
  return JSON.parse(out).find((one: { check: string }) => one.check === check);
}

/** Doctor in a mount namespace of its own, after some mounts of it. */
function onMounts(mounts: string, directory: string): Promise<Ending> {
  const unshare = isRoot ? ["-m"] : ["-rm"];
  const script = `${mounts}\nexec "$@"`;
  const command = [NODE, MAIN, "doctor", "--json", directory];
  return new Running("unshare", [...unshare, "sh", "-ec", script, "sh", ...command]).end();
}

/** For what cannot be mounted here: the answer of statfs(2) that the system would give. */
const NFS = `data:text/javascript,${encodeURIComponent(`
  import fs from "node:fs";
  import { syncBuiltinESMExports } from "node:module";
  const real = fs.statfsSync;
  let count = 0;
  fs.statfsSync = (...args) => { globalThis.statfsCount = ++count; return { ...real(...args), type: 0x6969 }; };
  syncBuiltinESMExports();
`)}`;

describe("lock-catalogue doctor", () => {
  it("finds nothing bad on this machine, and tells of a directory only if it is asked", async () => {
    const directory = temporaryDirectory();
    const { code, out, err } = await cli("doctor", directory);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^good {5}add-on: fs-ext is loaded, by Node\.js v/m);
    expect(out).toMatch(/^(?:good|limited) +file system: \w+, mounted at \//m);
    expect(out).toMatch(/^good {5}permissions: /m);
    expect((await cli("doctor")).out).not.toContain("permissions");
    expect(await cli("doctor", join(directory, "none"))).toMatchObject({ code: 2, out: "" });
  });

  it("says that the add-on cannot be loaded, and why", async () => {
    const command = ["--no-addons", MAIN, "doctor", "--json"];
    const ending = await new Running(NODE, command, { env: { PATH: "/nonexistent" } }).end();
    expect(ending.code).toBe(1);
    expect(finding(ending, "add-on")).toMatchObject({
      verdict: "bad",
      remedy: expect.stringContaining("--no-addons"),
    });
  });

  it("says that a program takes the locks in place of the add-on, and why", async () => {
    const ending = await new Running(NODE, ["--no-addons", MAIN, "doctor", "--json"]).end();
    expect(ending).toMatchObject({ code: 0, err: "" });
    expect(finding(ending, "add-on")).toMatchObject({
      verdict: "limited",
      found: expect.stringMatching(/not used: each try to take a lock starts \/\S+\/flock,/),
      remedy: expect.stringContaining("--no-addons"),
    });
    const env = { LOCK_CATALOGUE_FLOCK: "program" };
    const chosen = await new Running(NODE, [MAIN, "doctor", "--json"], { env }).end();
    expect(finding(chosen, "add-on")).toMatchObject({
      verdict: "limited",
      remedy: expect.stringContaining("LOCK_CATALOGUE_FLOCK=program"),
    });
  });

  it("says which helper programs are missing", async () => {
    const bin = temporaryDirectory();
    const ending = await new Running(NODE, [MAIN, "doctor", "--json"], {
      env: { PATH: bin },
    }).end();
    expect(ending.code).toBe(0);
    expect(finding(ending, "helper programs")).toMatchObject({
      verdict: "limited",
      found: expect.stringContaining("flock and setpriv and sh are not in the PATH"),
    });
  });

  it.skipIf(!canMount)("knows tmpfs, overlay and a file system that is read-only", async () => {
    const directory = realpathSync(temporaryDirectory());
    const tmpfs = await onMounts(`mount -t tmpfs none "${directory}"`, directory);
    expect(tmpfs.code).toBe(0);
    expect(finding(tmpfs, "file system")).toEqual({
      check: "file system",
      verdict: "good",
      found: `tmpfs, mounted at ${directory}`,
      remedy: null,
    });
    const layers = `mount -t tmpfs none "${directory}"; cd "${directory}"; mkdir low up work "a b"
      mount -t overlay -o lowerdir=low,upperdir=up,workdir=work none "a b"`;
    const overlay = await onMounts(layers, join(directory, "a b"));
    expect(overlay.code).toBe(0);
    expect(finding(overlay, "file system")).toMatchObject({
      verdict: "limited",
      found: expect.stringMatching(/^overlay, mounted at .*\/a b: /),
    });
    const sealed = await onMounts(`mount -t tmpfs -o ro none "${directory}"`, directory);
    expect(sealed.code).toBe(1);
    expect(finding(sealed, "permissions")).toMatchObject({
      verdict: "bad",
      found: expect.stringContaining("EROFS"),
    });
  });

  it("knows a local disk that is mounted through FUSE, and finds it good", async ({ skip }) => {
    const disk = exfat();
    if ("missing" in disk) return skip(disk.missing);
    const ending = await cli("doctor", "--json", disk.directory);
    expect(finding(ending, "file system")).toMatchObject({ verdict: "good" });
  });

  it("finds NFS bad, and says what flock(2) does there", async () => {
    const directory = temporaryDirectory();
    const node = ["--import", NFS];
    const ending = await new Running(NODE, [...node, MAIN, "doctor", "--json", directory]).end();
    expect(ending.code).toBe(1);
    expect(finding(ending, "file system")).toMatchObject({
      verdict: "bad",
      remedy: expect.stringContaining("local file system"),
    });
  });

  it.skipIf(!nobodyReads || !isRoot)("says that this user may not create files", async () => {
    const directory = temporaryDirectory();
    chmodSync(directory, 0o755);
    const nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    const command = [NODE, MAIN, "doctor", "--json", directory];
    const ending = await new Running("setpriv", [...nobody, ...command], { cwd: "/" }).end();
    expect(ending.code).toBe(1);
    expect(finding(ending, "permissions")).toMatchObject({
      verdict: "bad",
      found: expect.stringContaining("EACCES"),
    });
  });

  it.skipIf(!canHavePids)(
    "tells that it is in a container, and that /proc hides others",
    async () => {
      const unshare = [...(isRoot ? [] : ["-r"]), "-pf", "--mount-proc"];
      const command = [NODE, MAIN, "doctor", "--json"];
      const inside = await new Running("unshare", [...unshare, ...command]).end();
      expect(inside.code).toBe(0);
      expect(finding(inside, "PID namespace")).toMatchObject({ verdict: "limited" });
      if (!isRoot || !nobodyReads) return;
      const drop = "setpriv --reuid=65534 --regid=65534 --clear-groups";
      const hide = `mount -o remount,hidepid=2 /proc && exec ${drop} "$@"`;
      const hidden = await new Running(
        "unshare",
        [...unshare, "sh", "-ec", hide, "sh", ...command],
        {
          cwd: "/",
        },
      ).end();
      expect(finding(hidden, "processes")).toMatchObject({
        verdict: "limited",
        found: expect.stringMatching(/hidepid=(?:2|invisible)/),
      });
    },
  );
});

describe("LOCK_UNRELIABLE", () => {
  it("is a warning, once in a process, of a lock that is taken on NFS; each device is asked about once", async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "other"));
    const told = await inChild<{ warnings: unknown[]; count: number }>(
      `const warnings = [];
       process.on("warning", ({ name, code, message }) => warnings.push({ name, code, message }));
       for (const file of ["x.lock", "y.lock", "other/z.lock", "x.lock"]) {
         const lock = new LockFile(args[0] + "/" + file);
         lock.acquireSync();
         lock.release();
       }
       await new Promise((resolve) => setImmediate(resolve));
       tell({ warnings, count: globalThis.statfsCount });`,
      { args: [directory], nodeOptions: ["--import", NFS] },
    );
    expect(told).toEqual({
      warnings: [
        {
          name: "LockWarning",
          code: "LOCK_UNRELIABLE",
          message: expect.stringMatching(
            /^\/.*\/x\.lock is on a network file system, .* See https:\/\/\S+\/docs\/errors\.md#lock_unreliable\.$/,
          ),
        },
      ],
      count: 1,
    });
  });

  it("is none on a local file system", async () => {
    const warnings = await inChild(
      `const warnings = [];
       process.on("warning", (warning) => warnings.push(warning.message));
       new LockFile(args[0] + "/x.lock").acquireSync();
       await new Promise((resolve) => setImmediate(resolve));
       tell(warnings);`,
      { args: [temporaryDirectory()] },
    );
    expect(warnings).toEqual([]);
  });
});
