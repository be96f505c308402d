import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { onTestFinished } from "vitest";
import { temporaryDirectory } from "../support/directory.js";

/**
 * A directory on an exFAT file system, which ignores the case of file names, over a loop device; or why there can
 * be none on this machine. The kernel's driver is used, or else the one of the package exfat-fuse.
 */
export function exfat(): { readonly directory: string } | { readonly missing: string } {
  const home = temporaryDirectory();
  const image = path.join(home, "image");
  const directory = path.join(home, "mounted");
  writeFileSync(image, "");
  truncateSync(image, 8 * 1024 * 1024);
  mkdirSync(directory);
  if (!succeeds("mkfs.exfat", image)) return { missing: "mkfs.exfat (the package exfatprogs)" };
  const { stdout, status } = spawnSync("losetup", ["--find", "--show", image], {
    encoding: "utf8",
  });
  if (status !== 0) return { missing: "a loop device" };
  const device = stdout.trim();
  if (
    !succeeds("mount", "-t", "exfat", device, directory) &&
    !succeeds("mount.exfat-fuse", device, directory)
  ) {
    execFileSync("losetup", ["--detach", device]);
    return { missing: "a driver for exFAT that may be mounted" };
  }
  onTestFinished(() => {
    execFileSync("umount", [directory]);
    spawnSync("losetup", ["--detach", device]);
    rmSync(image);
  });
  return { directory };
}

function succeeds(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}
