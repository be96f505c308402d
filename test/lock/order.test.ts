import { linkSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ServerBackupLock, ServerCronLock, ServerXLOGDBLock } from "../../generated/index.js";
import { LockFile, type LockOrder } from "../../src/index.js";
import { compareLocks } from "../../src/order.js";
import { temporaryDirectory } from "../support/directory.js";
import { seeded } from "../torture/scale.js";

/** A kind of a catalogue that declares an order. */
function kindOf(catalogue: string, name: string, rank: number): new (path: string) => LockFile {
  return class extends LockFile {
    static override readonly LOCK_ORDER: LockOrder = { catalogue, rank, before: [], place: "here" };
    override readonly kind = name;
  };
}

function inOrder(locks: readonly LockFile[]): readonly LockFile[] {
  return [...locks].sort(compareLocks);
}

describe("the order of locks", () => {
  it("is that of their catalogue before all else, and then by kind, name and directory", () => {
    const root = temporaryDirectory();
    const [near, far] = [join(root, "near"), join(root, "far")];
    for (const directory of [near, far]) mkdirSync(directory);
    const First = kindOf("printers", "ZLock", 0);
    const Second = kindOf("printers", "ALock", 1);
    const ranked = [
      new ServerBackupLock(near, "main"),
      new ServerBackupLock(near, "pg"),
      new ServerCronLock(near, "a"),
      new ServerXLOGDBLock(near, "main"),
      new First(join(near, "z")),
      new Second(join(near, "a")),
      new Second(join(near, "b")),
    ];
    expect(inOrder([...ranked].reverse())).toEqual(ranked);
    const [one = near, other = far] = inOrder([
      new LockFile(join(near, "x")),
      new LockFile(join(far, "x")),
    ]).map(({ filename }) => filename);
    expect(compareLocks(new LockFile(one), new LockFile(other))).toBeLessThan(0);
    expect(compareLocks(new LockFile(other), new LockFile(one))).toBeGreaterThan(0);
  });

  it("knows a directory by whatever path, and says that two names of one lock are one", () => {
    const root = temporaryDirectory();
    const real = join(root, "real");
    const other = join(root, "other");
    for (const directory of [real, other]) mkdirSync(directory);
    // Their texts are in the opposite order.
    symlinkSync(real, join(root, "zz"));
    symlinkSync(other, join(root, "aa"));
    const straight = compareLocks(new LockFile(join(real, "x")), new LockFile(join(other, "x")));
    expect(Math.abs(straight)).toBe(1);
    for (const a of ["real", "zz"]) {
      for (const b of ["other", "aa"]) {
        const [one, two] = [new LockFile(join(root, a, "x")), new LockFile(join(root, b, "x"))];
        expect(compareLocks(one, two)).toBe(straight);
        expect(compareLocks(two, one)).toBe(-straight);
      }
    }
    expect(compareLocks(new LockFile(join(real, "x")), new LockFile(join(root, "zz", "x")))).toBe(
      0,
    );
  });

  it("is total: any locks have one order, whatever order they come in", () => {
    const random = seeded("order of locks");
    const pick = <T>(values: readonly T[]): T => {
      const value = values[Math.floor(random() * values.length)];
      if (value === undefined) throw new Error("nothing to pick from");
      return value;
    };
    const root = temporaryDirectory();
    for (const name of ["a", "b", "c"]) mkdirSync(join(root, name));
    symlinkSync(join(root, "a"), join(root, "link"));
    // Not there: "missing" and "gone".
    const directories = ["a", "b", "c", "link", "missing", "gone"].map((name) => join(root, name));
    const kinds = [
      LockFile,
      ...["x", "y"].flatMap((catalogue) =>
        [0, 1, 2].map((rank) => kindOf(catalogue, pick(["M", "N", "LockFile"]), rank)),
      ),
    ];
    const make = (): LockFile => {
      if (random() < 0.3) return new ServerCronLock(pick(directories), pick(["a", "b"]));
      return new (pick(kinds))(join(pick(directories), pick(["f", "g", "h"])));
    };
    for (let round = 0; round < 300; round++) {
      const [a, b, c] = [make(), make(), make()];
      const ab = compareLocks(a, b);
      // Not 0 and -0.
      expect(Math.sign(ab) + Math.sign(compareLocks(b, a))).toBe(0);
      expect(compareLocks(a, a)).toBe(0);
      if (ab <= 0 && compareLocks(b, c) <= 0) {
        expect(compareLocks(a, c), `${a.filename} ${b.filename} ${c.filename}`).toBeLessThanOrEqual(
          0,
        );
      }
    }
  });

  it("does not depend on which files are there", () => {
    const root = temporaryDirectory();
    const [a, b] = [new LockFile(join(root, "a")), new LockFile(join(root, "b"))];
    const before = compareLocks(a, b);
    b.acquireSync();
    expect(compareLocks(a, b)).toBe(before);
    linkSync(b.filename, a.filename);
    expect(compareLocks(a, b)).toBe(before);
    b.release();
  });
});
