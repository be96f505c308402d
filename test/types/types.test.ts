import { describe, expect, expectTypeOf, it } from "vitest";
import {
  barman,
  ConfigUpdateLock,
  GlobalCronLock,
  type Lock,
  ServerBackupIdLock,
  ServerBackupLock,
  type ServerBackupSyncLock,
  type ServerCronLock,
  type ServerWalArchiveLock,
  type ServerWalReceiveLock,
  type ServerWalSyncLock,
  ServerXLOGDBLock,
} from "../../generated/index.js";
import {
  type AcquireOptions,
  type AcquireSyncOptions,
  acquireAll,
  acquireAllSync,
  Catalogue,
  LockFile,
  LockFileBusy,
  LockFileException,
  LockFileNameError,
  type LockFileOptions,
  LockFileTimeout,
  type LockKind,
  type LockSet,
  withLocks,
} from "../../src/index.js";
import {
  DatabaseLock,
  PackageLock,
  SlotLock as VersionLock,
} from "../codegen/golden/directories/generated/index.js";
import { JobLock } from "../codegen/golden/listed-values/generated/index.js";
import { BackupIdLock, ShardLock } from "../codegen/golden/named-values/generated/index.js";
import { SlotLock } from "../codegen/golden/whole-numbers/generated/index.js";

/**
 * What the compiler says, as tests: `npm run types` fails where a line below an `@ts-expect-error`
 * compiles, or an `expectTypeOf` does not hold. At run time the same lines must do no harm.
 */

/** Runs nothing: for calls that must not compile, and must not run either. */
function compileOnly(_call: () => unknown): void {}

describe("a parameter with a list of values", () => {
  it("is one of them, in the constructor and read back", () => {
    const lock = new JobLock("/locks", "backup", "main");
    expectTypeOf(lock.job).toEqualTypeOf<"backup" | "archive" | "restore">();
    expectTypeOf(lock.server).toEqualTypeOf<string>();
    // @ts-expect-error It is none of them.
    compileOnly(() => new JobLock("/locks", "backups", "main"));
    const any: string = "backup";
    // @ts-expect-error It may be none of them.
    compileOnly(() => new JobLock("/locks", any, "main"));
    const read = JobLock.buildIfMatches("/locks/archive-main.lock");
    expectTypeOf(read?.job).toEqualTypeOf<"backup" | "archive" | "restore" | undefined>();
    expect(read?.job).toBe("archive");
  });
});

describe("a kind whose spec says where its files are", () => {
  it("takes its values alone, and another directory in the options", () => {
    expect(new PackageLock("bash", { directory: "/locks", wait: true }).name).toBe("bash");
    expect(new DatabaseLock({ directory: new URL("file:///locks") }).filename).toBe("/locks/lock");
    // @ts-expect-error A directory is no value, and no option.
    compileOnly(() => new PackageLock("/locks", "bash"));
    // @ts-expect-error It has no values.
    compileOnly(() => new DatabaseLock("/locks"));
    // @ts-expect-error The values come by name.
    compileOnly(() => new VersionLock("bash", "1"));
    // @ts-expect-error A kind whose spec does not say needs the directory in front.
    compileOnly(() => new GlobalCronLock({ directory: "/locks" }));
    compileOnly(() => new VersionLock({ name: "bash", slot: "1" }));
  });
});

describe("a parameter of type integer", () => {
  it("is a number, in the constructor and read back", () => {
    const lock = new SlotLock("/locks", "mail", 7);
    expectTypeOf(lock.slot).toEqualTypeOf<number>();
    // @ts-expect-error It is a number.
    compileOnly(() => new SlotLock("/locks", "mail", "7"));
    const read = SlotLock.buildIfMatches("/locks/mail-15.lock");
    expectTypeOf(read?.slot).toEqualTypeOf<number | undefined>();
    expect(read?.slot).toBe(15);
  });
});

describe("a kind that takes its values by name", () => {
  it("takes them in one object, which names all and no others", () => {
    const lock = new BackupIdLock("/locks", { backup: "1T2", server: "main" }, { wait: true });
    expect(lock.filename).toBe("/locks/main-1T2.lock");
    expectTypeOf(lock.backup).toEqualTypeOf<string>();
    // @ts-expect-error Two strings could be swapped.
    compileOnly(() => new BackupIdLock("/locks", "main", "1T2"));
    // @ts-expect-error One is missing.
    compileOnly(() => new BackupIdLock("/locks", { server: "main" }));
    // @ts-expect-error There is no such value.
    compileOnly(() => new BackupIdLock("/locks", { server: "main", backup: "1T2", id: "x" }));
    const shard = new ShardLock("/locks", { table: "users", job: "merge", shard: 7 });
    expectTypeOf(shard.job).toEqualTypeOf<"split" | "merge">();
    expectTypeOf(shard.shard).toEqualTypeOf<number>();
    const read = ShardLock.buildIfMatches(shard.filename);
    expectTypeOf(read).toEqualTypeOf<ShardLock | null>();
    expect(read).toMatchObject({ table: "users", job: "merge", shard: 7 });
  });
});

describe("buildIfMatches", () => {
  it("is of exactly its class, or null", () => {
    expectTypeOf(ServerBackupLock.buildIfMatches).returns.toEqualTypeOf<ServerBackupLock | null>();
    expectTypeOf(GlobalCronLock.buildIfMatches).returns.toEqualTypeOf<GlobalCronLock | null>();
    expectTypeOf(LockFile.buildIfMatches).returns.toEqualTypeOf<LockFile | null>();
    const read = ServerBackupIdLock.buildIfMatches("/locks/.main-20260101T120000.lock");
    expectTypeOf(read).toEqualTypeOf<ServerBackupIdLock | null>();
    expect(read).toBeInstanceOf(ServerBackupIdLock);
    expect(ServerBackupLock.buildIfMatches("/locks/.main-cron.lock")).toBe(null);
  });

  it("cannot be used before it is known not to be null", () => {
    const read = ServerBackupLock.buildIfMatches("/locks/.main-backup.lock");
    // @ts-expect-error It may be null.
    compileOnly(() => read.serverName);
    if (read !== null) expectTypeOf(read.serverName).toEqualTypeOf<string>();
    expect(read?.serverName).toBe("main");
  });

  it("takes a path and nothing else", () => {
    // @ts-expect-error A path is a string.
    compileOnly(() => ServerBackupLock.buildIfMatches(7));
    // @ts-expect-error There must be a path.
    compileOnly(() => ServerBackupLock.buildIfMatches());
    expectTypeOf(ServerBackupLock.buildIfMatches).parameters.toEqualTypeOf<[path: string]>();
    expect(ServerBackupLock.buildIfMatches).toHaveLength(1);
  });
});

describe("a constructor", () => {
  it("takes the parameters of its template, in order, then options", () => {
    expectTypeOf(ServerBackupIdLock).constructorParameters.toEqualTypeOf<
      [
        lockDirectory: string | URL,
        serverName: string,
        backupId: string,
        options?: LockFileOptions | undefined,
      ]
    >();
    expectTypeOf(ConfigUpdateLock).constructorParameters.toEqualTypeOf<
      [lockDirectory: string | URL, options?: LockFileOptions | undefined]
    >();
    const quiet = new ServerBackupLock("/locks", "main", { raiseIfFail: false, wait: undefined });
    expect(quiet.serverName).toBe("main");
  });

  it("does not take too few, too many, or others", () => {
    // @ts-expect-error The server name is missing.
    compileOnly(() => new ServerBackupLock("/locks"));
    // @ts-expect-error The backup id is missing.
    compileOnly(() => new ServerBackupIdLock("/locks", "main"));
    // @ts-expect-error Options are not a backup id.
    compileOnly(() => new ServerBackupIdLock("/locks", "main", { wait: true }));
    // @ts-expect-error This kind has no parameter.
    compileOnly(() => new GlobalCronLock("/locks", "main"));
    // @ts-expect-error A server name is a string.
    compileOnly(() => new ServerBackupLock("/locks", 7));
    // @ts-expect-error A server name is not undefined.
    compileOnly(() => new ServerBackupLock("/locks", undefined));
    // @ts-expect-error An option is misspelt.
    compileOnly(() => new ServerBackupLock("/locks", "main", { waits: true }));
    // @ts-expect-error An option is of another type.
    compileOnly(() => new ServerBackupLock("/locks", "main", { wait: "yes" }));
    // @ts-expect-error A signal belongs to an acquire.
    compileOnly(() => new ServerBackupLock("/locks", "main", { signal: AbortSignal.abort() }));
    // @ts-expect-error JavaScript does not compile, and meets an error at run time.
    expect(() => new ServerBackupLock("/locks")).toThrow(LockFileNameError);
  });
});

describe("a lock", () => {
  const lock = new ServerBackupIdLock("/locks", "main", "20260101T120000");

  it("has its kind and its values as readonly properties", () => {
    expectTypeOf<ServerBackupIdLock["kind"]>().toEqualTypeOf<"ServerBackupIdLock">();
    expectTypeOf(lock.serverName).toEqualTypeOf<string>();
    expectTypeOf(lock.backupId).toEqualTypeOf<string>();
    compileOnly(() => {
      // @ts-expect-error A value does not change.
      lock.serverName = "other";
    });
    compileOnly(() => {
      // @ts-expect-error Nor does the file.
      lock.filename = "/other";
    });
    compileOnly(() => {
      // @ts-expect-error Whether it is held is not for others to say.
      lock.held = true;
    });
    // @ts-expect-error Only some kinds have a backup id.
    compileOnly(() => new ServerBackupLock("/locks", "main").backupId);
    expect(lock.kind).toBe("ServerBackupIdLock");
  });

  it("is acquired asynchronously with a signal, synchronously without", () => {
    expectTypeOf(lock.acquire).parameters.toEqualTypeOf<[options?: AcquireOptions | undefined]>();
    expectTypeOf(lock.acquire).returns.toEqualTypeOf<Promise<boolean>>();
    expectTypeOf(lock.acquireSync).parameters.toEqualTypeOf<
      [options?: AcquireSyncOptions | undefined]
    >();
    expectTypeOf(lock.acquireSync).returns.toEqualTypeOf<boolean>();
    expectTypeOf(lock.release).returns.toEqualTypeOf<void>();
    expectTypeOf(lock.getOwnerPid).returns.toEqualTypeOf<number | null>();
    expectTypeOf(lock.held).toEqualTypeOf<boolean>();
    compileOnly(() => lock.acquire({ signal: AbortSignal.timeout(5), timeout: 5, wait: true }));
    // @ts-expect-error A stopped thread cannot see a signal.
    compileOnly(() => lock.acquireSync({ signal: AbortSignal.timeout(5) }));
    // @ts-expect-error A timeout is a number.
    compileOnly(() => lock.acquire({ timeout: "5s" }));
    expect(lock.held).toBe(false);
  });

  it("gives what the function of withLock gives, awaited", () => {
    compileOnly(() => {
      expectTypeOf(lock.withLock(() => 7)).toEqualTypeOf<Promise<number>>();
      expectTypeOf(lock.withLock(async () => "x")).toEqualTypeOf<Promise<string>>();
      expectTypeOf(lock.withLock((locked) => locked)).toEqualTypeOf<Promise<boolean>>();
    });
    expectTypeOf(lock).toExtend<Disposable>();
    expectTypeOf(lock).toExtend<AsyncDisposable>();
    expect(typeof lock[Symbol.dispose]).toBe("function");
    expect(typeof lock[Symbol.asyncDispose]).toBe("function");
  });

  it("of one kind is not one of another", () => {
    expectTypeOf<ServerBackupLock>().not.toExtend<ServerXLOGDBLock>();
    expectTypeOf<LockFile>().not.toExtend<ServerBackupLock>();
    expectTypeOf<ServerBackupLock>().toExtend<LockFile>();
    // @ts-expect-error They differ in `kind`, though not in their parameters.
    compileOnly((): ServerBackupLock => new ServerXLOGDBLock("/locks", "main"));
    expect(new ServerXLOGDBLock("/locks", "main")).not.toBeInstanceOf(ServerBackupLock);
  });
});

/** Barman's ten, as a union of its own: a kind that is added to locks.yaml must not fail a test. */
type Ten =
  | ConfigUpdateLock
  | GlobalCronLock
  | ServerBackupIdLock
  | ServerBackupLock
  | ServerBackupSyncLock
  | ServerCronLock
  | ServerWalArchiveLock
  | ServerWalReceiveLock
  | ServerWalSyncLock
  | ServerXLOGDBLock;

/** Compiles only if every kind has a case. */
function valuesOf(lock: Ten): readonly string[] {
  switch (lock.kind) {
    case "ConfigUpdateLock":
    case "GlobalCronLock":
      return [];
    case "ServerBackupIdLock":
    case "ServerBackupSyncLock":
      return [lock.serverName, lock.backupId];
    case "ServerBackupLock":
    case "ServerCronLock":
    case "ServerWalArchiveLock":
    case "ServerWalReceiveLock":
    case "ServerWalSyncLock":
    case "ServerXLOGDBLock":
      return [lock.serverName];
    default:
      return lock satisfies never;
  }
}

/** Lacks a case, and the compiler says so. */
function incomplete(lock: Lock): string {
  switch (lock.kind) {
    case "ConfigUpdateLock":
      return "configuration";
    case "ServerBackupLock":
      return lock.serverName;
    default:
      // @ts-expect-error Eight kinds are left.
      return lock satisfies never;
  }
}

describe("the union of a catalogue", () => {
  it("is narrowed by kind, exhaustively", () => {
    const lock = barman.identify("/locks/.pg-main-20260101T120000.lock");
    expectTypeOf(lock).toEqualTypeOf<Lock | null>();
    expectTypeOf<Ten>().toExtend<Lock>();
    const ten = ServerBackupIdLock.buildIfMatches("/locks/.pg-main-20260101T120000.lock");
    expect(ten && valuesOf(ten)).toEqual(["pg-main", "20260101T120000"]);
    expect(valuesOf(new ConfigUpdateLock("/locks"))).toEqual([]);
    expect(incomplete(new ServerBackupLock("/locks", "main"))).toBe("main");
    if (lock?.kind === "ServerBackupIdLock") {
      expectTypeOf(lock).toEqualTypeOf<ServerBackupIdLock>();
    }
    compileOnly(() => {
      // @ts-expect-error There is no such kind.
      return lock?.kind === "ServerBackupLocks";
    });
  });

  it("is made of classes that build what they say", () => {
    expectTypeOf(ServerBackupLock).toExtend<LockKind<ServerBackupLock>>();
    expectTypeOf(barman).toEqualTypeOf<Catalogue<Lock>>();
    // @ts-expect-error A catalogue of other kinds.
    compileOnly(() => new Catalogue<GlobalCronLock>("mine", [ServerBackupLock]));
    expect(barman).toBeInstanceOf(Catalogue);
  });
});

describe("an error", () => {
  it("is told from others by its class and has its path and code", () => {
    const error: unknown = new LockFileTimeout("still busy", "/locks/x.lock");
    if (!(error instanceof LockFileBusy)) throw error;
    expectTypeOf(error).toEqualTypeOf<LockFileBusy>();
    expectTypeOf(error.path).toEqualTypeOf<string>();
    expectTypeOf(error.code).toEqualTypeOf<string>();
    expectTypeOf(error).toExtend<LockFileException>();
    expect(error).toBeInstanceOf(LockFileException);
  });
});

describe("several locks at once", () => {
  const locks = () =>
    [new ServerBackupLock("/locks", "main"), new GlobalCronLock("/locks")] as const;

  it("are a set of the locks that were given, each by its type", () => {
    compileOnly(async () => {
      const { locks: own } = await acquireAll([...locks()]);
      expectTypeOf(own).toEqualTypeOf<readonly [ServerBackupLock, GlobalCronLock]>();
      expectTypeOf(acquireAllSync(locks())).toEqualTypeOf<
        LockSet<readonly [ServerBackupLock, GlobalCronLock]>
      >();
      expectTypeOf(barman.acquireAllSync(locks()).locks[1]).toEqualTypeOf<GlobalCronLock>();
    });
    expect(barman.kinds).toContain(GlobalCronLock);
  });

  it("may be null only if raiseIfFail may be false", () => {
    const maybe: boolean = false;
    compileOnly(async () => {
      expectTypeOf(await acquireAll(locks(), { raiseIfFail: true })).not.toBeNullable();
      const set = await barman.acquireAll(locks(), { raiseIfFail: maybe });
      expectTypeOf(set).toEqualTypeOf<LockSet<
        readonly [ServerBackupLock, GlobalCronLock]
      > | null>();
      // @ts-expect-error It may be null.
      set.release();
    });
    expect(maybe).toBe(false);
  });

  it("give what the function gives, and tell of the lock that is waited for", () => {
    compileOnly(async () => {
      const result = await withLocks(locks(), async (locked) => (locked ? 1 : null), {
        onWait: (_waiting, lock) => {
          expectTypeOf(lock).toEqualTypeOf<ServerBackupLock | GlobalCronLock>();
        },
      });
      expectTypeOf(result).toEqualTypeOf<number | null>();
    });
    // @ts-expect-error A catalogue takes locks of its own.
    compileOnly(() => barman.withLocks([new LockFile("/x")], () => {}));
    // @ts-expect-error The synchronous form has no signal.
    compileOnly(() => acquireAllSync(locks(), { signal: new AbortController().signal }));
    expect(locks()).toHaveLength(2);
  });
});
