// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "vitest";
import { reads, roundTrip } from "../src/testing.js";
import {
  ConfigUpdateLock,
  GlobalCronLock,
  ServerBackupIdLock,
  ServerBackupLock,
  ServerBackupSyncLock,
  ServerCronLock,
  ServerWalArchiveLock,
  ServerWalReceiveLock,
  ServerWalSyncLock,
  ServerXLOGDBLock,
  barman,
} from "./index.js";

test("GlobalCronLock names .cron.lock and reads it back", () => {
  roundTrip(GlobalCronLock, [], ".cron.lock");
  reads(barman, ".cron.lock", {
    GlobalCronLock: [],
  });
  reads(barman, ".cron.lock~", {});
  reads(barman, ".cron.lock.bak", {});
  reads(barman, ".cron.lock\n", {});
  reads(barman, "x.cron.lock", {});
  reads(barman, "cron.lock", {});
});

test("ServerBackupLock names .{serverName}-backup.lock and reads it back", () => {
  roundTrip(ServerBackupLock, ["main"], ".main-backup.lock");
  roundTrip(ServerBackupLock, ["pg-main"], ".pg-main-backup.lock");
  reads(barman, ".main-backup.lock", {
    ServerBackupLock: ["main"],
    ServerBackupIdLock: ["main", "backup"],
  });
  reads(barman, ".pg-main-backup.lock", {
    ServerBackupLock: ["pg-main"],
    ServerBackupIdLock: ["pg-main", "backup"],
  });
  reads(barman, ".main-backup.lock~", {});
  reads(barman, ".main-backup.lock.bak", {});
  reads(barman, ".main-backup.lock\n", {});
  reads(barman, "x.main-backup.lock", {});
  reads(barman, "main-backup.lock", {});
  reads(barman, ".-backup.lock", {});
});

test("ServerCronLock names .{serverName}-cron.lock and reads it back", () => {
  roundTrip(ServerCronLock, ["main"], ".main-cron.lock");
  roundTrip(ServerCronLock, ["pg-main"], ".pg-main-cron.lock");
  reads(barman, ".main-cron.lock", {
    ServerCronLock: ["main"],
    ServerBackupIdLock: ["main", "cron"],
  });
  reads(barman, ".pg-main-cron.lock", {
    ServerCronLock: ["pg-main"],
    ServerBackupIdLock: ["pg-main", "cron"],
  });
  reads(barman, ".main-cron.lock~", {});
  reads(barman, ".main-cron.lock.bak", {});
  reads(barman, ".main-cron.lock\n", {});
  reads(barman, "x.main-cron.lock", {});
  reads(barman, "main-cron.lock", {});
  reads(barman, ".-cron.lock", {});
});

test("ServerXLOGDBLock names .{serverName}-xlogdb.lock and reads it back", () => {
  roundTrip(ServerXLOGDBLock, ["main"], ".main-xlogdb.lock");
  roundTrip(ServerXLOGDBLock, ["pg-main"], ".pg-main-xlogdb.lock");
  reads(barman, ".main-xlogdb.lock", {
    ServerXLOGDBLock: ["main"],
    ServerBackupIdLock: ["main", "xlogdb"],
  });
  reads(barman, ".pg-main-xlogdb.lock", {
    ServerXLOGDBLock: ["pg-main"],
    ServerBackupIdLock: ["pg-main", "xlogdb"],
  });
  reads(barman, ".main-xlogdb.lock~", {});
  reads(barman, ".main-xlogdb.lock.bak", {});
  reads(barman, ".main-xlogdb.lock\n", {});
  reads(barman, "x.main-xlogdb.lock", {});
  reads(barman, "main-xlogdb.lock", {});
  reads(barman, ".-xlogdb.lock", {});
});

test("ServerWalArchiveLock names .{serverName}-archive-wal.lock and reads it back", () => {
  roundTrip(ServerWalArchiveLock, ["main"], ".main-archive-wal.lock");
  roundTrip(ServerWalArchiveLock, ["pg-main"], ".pg-main-archive-wal.lock");
  reads(barman, ".main-archive-wal.lock", {
    ServerWalArchiveLock: ["main"],
    ServerBackupIdLock: ["main-archive", "wal"],
  });
  reads(barman, ".pg-main-archive-wal.lock", {
    ServerWalArchiveLock: ["pg-main"],
    ServerBackupIdLock: ["pg-main-archive", "wal"],
  });
  reads(barman, ".main-archive-wal.lock~", {});
  reads(barman, ".main-archive-wal.lock.bak", {});
  reads(barman, ".main-archive-wal.lock\n", {});
  reads(barman, "x.main-archive-wal.lock", {});
  reads(barman, "main-archive-wal.lock", {});
  reads(barman, ".-archive-wal.lock", {
    ServerBackupIdLock: ["-archive", "wal"],
  });
});

test("ServerWalReceiveLock names .{serverName}-receive-wal.lock and reads it back", () => {
  roundTrip(ServerWalReceiveLock, ["main"], ".main-receive-wal.lock");
  roundTrip(ServerWalReceiveLock, ["pg-main"], ".pg-main-receive-wal.lock");
  reads(barman, ".main-receive-wal.lock", {
    ServerWalReceiveLock: ["main"],
    ServerBackupIdLock: ["main-receive", "wal"],
  });
  reads(barman, ".pg-main-receive-wal.lock", {
    ServerWalReceiveLock: ["pg-main"],
    ServerBackupIdLock: ["pg-main-receive", "wal"],
  });
  reads(barman, ".main-receive-wal.lock~", {});
  reads(barman, ".main-receive-wal.lock.bak", {});
  reads(barman, ".main-receive-wal.lock\n", {});
  reads(barman, "x.main-receive-wal.lock", {});
  reads(barman, "main-receive-wal.lock", {});
  reads(barman, ".-receive-wal.lock", {
    ServerBackupIdLock: ["-receive", "wal"],
  });
});

test("ServerBackupIdLock names .{serverName}-{backupId}.lock and reads it back", () => {
  roundTrip(ServerBackupIdLock, ["main", "20260101T120000"], ".main-20260101T120000.lock");
  roundTrip(ServerBackupIdLock, ["pg-main", "20260101T120000"], ".pg-main-20260101T120000.lock");
  reads(barman, ".main-20260101T120000.lock", {
    ServerBackupIdLock: ["main", "20260101T120000"],
  });
  reads(barman, ".pg-main-20260101T120000.lock", {
    ServerBackupIdLock: ["pg-main", "20260101T120000"],
  });
  reads(barman, ".main-20260101T120000.lock~", {});
  reads(barman, ".main-20260101T120000.lock.bak", {});
  reads(barman, ".main-20260101T120000.lock\n", {});
  reads(barman, "x.main-20260101T120000.lock", {});
  reads(barman, "main-20260101T120000.lock", {});
  reads(barman, ".-20260101T120000.lock", {});
  reads(barman, ".main-.lock", {});
});

test("ServerBackupSyncLock names .{serverName}-{backupId}-sync-backup.lock and reads it back", () => {
  roundTrip(ServerBackupSyncLock, ["main", "20260101T120000"], ".main-20260101T120000-sync-backup.lock");
  roundTrip(ServerBackupSyncLock, ["pg-main", "20260101T120000"], ".pg-main-20260101T120000-sync-backup.lock");
  reads(barman, ".main-20260101T120000-sync-backup.lock", {
    ServerBackupSyncLock: ["main", "20260101T120000"],
    ServerBackupLock: ["main-20260101T120000-sync"],
    ServerBackupIdLock: ["main-20260101T120000-sync", "backup"],
  });
  reads(barman, ".pg-main-20260101T120000-sync-backup.lock", {
    ServerBackupSyncLock: ["pg-main", "20260101T120000"],
    ServerBackupLock: ["pg-main-20260101T120000-sync"],
    ServerBackupIdLock: ["pg-main-20260101T120000-sync", "backup"],
  });
  reads(barman, ".main-20260101T120000-sync-backup.lock~", {});
  reads(barman, ".main-20260101T120000-sync-backup.lock.bak", {});
  reads(barman, ".main-20260101T120000-sync-backup.lock\n", {});
  reads(barman, "x.main-20260101T120000-sync-backup.lock", {});
  reads(barman, "main-20260101T120000-sync-backup.lock", {});
  reads(barman, ".-20260101T120000-sync-backup.lock", {
    ServerBackupLock: ["-20260101T120000-sync"],
    ServerBackupIdLock: ["-20260101T120000-sync", "backup"],
  });
  reads(barman, ".main--sync-backup.lock", {
    ServerBackupLock: ["main--sync"],
    ServerBackupIdLock: ["main--sync", "backup"],
  });
});

test("ServerWalSyncLock names .{serverName}-sync-wal.lock and reads it back", () => {
  roundTrip(ServerWalSyncLock, ["main"], ".main-sync-wal.lock");
  roundTrip(ServerWalSyncLock, ["pg-main"], ".pg-main-sync-wal.lock");
  reads(barman, ".main-sync-wal.lock", {
    ServerWalSyncLock: ["main"],
    ServerBackupIdLock: ["main-sync", "wal"],
  });
  reads(barman, ".pg-main-sync-wal.lock", {
    ServerWalSyncLock: ["pg-main"],
    ServerBackupIdLock: ["pg-main-sync", "wal"],
  });
  reads(barman, ".main-sync-wal.lock~", {});
  reads(barman, ".main-sync-wal.lock.bak", {});
  reads(barman, ".main-sync-wal.lock\n", {});
  reads(barman, "x.main-sync-wal.lock", {});
  reads(barman, "main-sync-wal.lock", {});
  reads(barman, ".-sync-wal.lock", {
    ServerBackupIdLock: ["-sync", "wal"],
  });
});

test("ConfigUpdateLock names .config-update.lock and reads it back", () => {
  roundTrip(ConfigUpdateLock, [], ".config-update.lock");
  reads(barman, ".config-update.lock", {
    ConfigUpdateLock: [],
    ServerBackupIdLock: ["config", "update"],
  });
  reads(barman, ".config-update.lock~", {});
  reads(barman, ".config-update.lock.bak", {});
  reads(barman, ".config-update.lock\n", {});
  reads(barman, "x.config-update.lock", {});
  reads(barman, "config-update.lock", {});
});
