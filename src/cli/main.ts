#!/usr/bin/env node
import module from "node:module";
import { userInfo } from "node:os";
import { join } from "node:path";

// Node.js 22.8 keeps what it has compiled for the next start.
const { enableCompileCache } = module as { enableCompileCache?: (directory: string) => unknown };
const directory = cacheDirectory();
if (directory !== null) enableCompileCache?.(directory);

await import("./call.js");

/**
 * Where compiled code is kept: not in /tmp as Node.js does by itself, where another user could have put code for root to
 * run; nor by $HOME, which sudo(8) may leave as it was. Null for a user without an entry, as there are in containers.
 */
function cacheDirectory(): string | null {
  try {
    return join(userInfo().homedir, ".cache", "lock-catalogue");
  } catch {
    return null;
  }
}
