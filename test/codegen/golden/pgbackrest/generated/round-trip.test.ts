// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "vitest";
import { reads, roundTrip } from "../../../../../src/testing.js";
import {
  ArchiveLock,
  BackupLock,
  pgbackrest,
} from "./index.js";

test("ArchiveLock names {stanza}-archive.lock and reads it back", () => {
  roundTrip(ArchiveLock, ["main"], "main-archive.lock");
  roundTrip(ArchiveLock, ["pg-main"], "pg-main-archive.lock");
  reads(pgbackrest, "main-archive.lock", {
    ArchiveLock: ["main"],
  });
  reads(pgbackrest, "pg-main-archive.lock", {
    ArchiveLock: ["pg-main"],
  });
  reads(pgbackrest, "main-archive.lock~", {});
  reads(pgbackrest, "main-archive.lock.bak", {});
  reads(pgbackrest, "main-archive.lock\n", {});
  reads(pgbackrest, "xmain-archive.lock", {
    ArchiveLock: ["xmain"],
  });
  reads(pgbackrest, "ain-archive.lock", {
    ArchiveLock: ["ain"],
  });
  reads(pgbackrest, "-archive.lock", {});
});

test("BackupLock names {stanza}-backup.lock and reads it back", () => {
  roundTrip(BackupLock, ["main"], "main-backup.lock");
  roundTrip(BackupLock, ["pg-main"], "pg-main-backup.lock");
  reads(pgbackrest, "main-backup.lock", {
    BackupLock: ["main"],
  });
  reads(pgbackrest, "pg-main-backup.lock", {
    BackupLock: ["pg-main"],
  });
  reads(pgbackrest, "main-backup.lock~", {});
  reads(pgbackrest, "main-backup.lock.bak", {});
  reads(pgbackrest, "main-backup.lock\n", {});
  reads(pgbackrest, "xmain-backup.lock", {
    BackupLock: ["xmain"],
  });
  reads(pgbackrest, "ain-backup.lock", {
    BackupLock: ["ain"],
  });
  reads(pgbackrest, "-backup.lock", {});
});
