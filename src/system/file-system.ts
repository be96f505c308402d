import { readFileSync, realpathSync, statfsSync } from "node:fs";

/** What flock(2) on a file system keeps out. */
type Reach =
  /** Everybody who uses the file. */
  | "all"
  /** Processes of this host, which are not everybody who can use the file. */
  | "host"
  /** It depends on the server, on options of the mount, and on the network. */
  | "server";

/** A file system, as far as locks are concerned. */
export interface FileSystem {
  /** As mount(8) calls it. */
  readonly type: string;
  /** Where it is mounted; null if the system does not tell. */
  readonly mountPoint: string | null;
  readonly reach: Reach;
}

/** The file system of a directory. @throws the system's error if it cannot be looked at. */
export function fileSystemOf(directory: string): FileSystem {
  const known = TYPES.get(statfsSync(directory).type);
  const mount = mountOf(directory);
  const type = mount?.type ?? known?.type ?? "unknown";
  const isFuse = type.startsWith("fuse") && type !== "fuseblk";
  return {
    type,
    mountPoint: mount?.mountPoint ?? null,
    reach: known?.reach ?? (isFuse ? "host" : "all"),
  };
}

/** Whether the file system of a path is one whose server has a say in locks. Cheap, and never an error. */
export function isOnNetwork(path: string): boolean {
  try {
    return TYPES.get(statfsSync(path).type)?.reach === "server";
  } catch {
    return false;
  }
}

/** A file system in its place. */
interface Mount {
  readonly type: string;
  readonly mountPoint: string;
  /** Of the mount and of the file system, with commas. */
  readonly options: string;
}

/** The mount of a directory: of those that are nearest above it the last; null if the system does not tell. */
export function mountOf(directory: string): Mount | null {
  let table: string;
  try {
    table = readFileSync("/proc/self/mountinfo", "utf8");
  } catch {
    return null;
  }
  const path = realpathSync(directory);
  let nearest: Mount | null = null;
  for (const line of table.split("\n")) {
    const [, point, own, type, more] = MOUNT.exec(line) ?? [];
    if (point === undefined || type === undefined) continue;
    const mountPoint = point.replace(/\\(\d{3})/gu, (_, code) =>
      String.fromCharCode(Number.parseInt(code, 8)),
    );
    const isAbove = path === mountPoint || path.startsWith(`${mountPoint.replace(/\/$/u, "")}/`);
    if (isAbove && mountPoint.length >= (nearest?.mountPoint.length ?? 0)) {
      nearest = { type, mountPoint, options: `${own},${more}` };
    }
  }
  return nearest;
}

/** A line of /proc/self/mountinfo: the mount point, its options, the type, and the options of the file system. */
const MOUNT = /^(?:\S+ ){4}(\S+) (\S+) .*?- (\S+) \S+ (.*)$/u;

/** The file systems of which not everybody is kept out, by the `f_type` of statfs(2). */
const TYPES: ReadonlyMap<number, { readonly type: string; readonly reach: Reach }> = new Map([
  [0x6969, { type: "nfs", reach: "server" }],
  [0x517b, { type: "smbfs", reach: "server" }],
  [0xff534d42, { type: "cifs", reach: "server" }],
  [0xfe534d42, { type: "smb3", reach: "server" }],
  [0x01021997, { type: "9p", reach: "server" }],
  [0x5346414f, { type: "afs", reach: "server" }],
  [0x6b414653, { type: "afs", reach: "server" }],
  [0x0bd00bd0, { type: "lustre", reach: "server" }],
]);
