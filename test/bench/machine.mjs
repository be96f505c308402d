// The line above the table: what the figures were taken on.
import { execFileSync } from "node:child_process";
import { cpus, release, tmpdir, type } from "node:os";

export function machine() {
  const [{ model } = { model: "unknown processor" }] = cpus();
  return [
    `Node.js ${process.versions.node}`,
    `${type()} ${release().split("-")[0]}`,
    `${fileSystem(tmpdir())} in ${tmpdir()}`,
    `${cpus().length} × ${model.trim()}`,
  ].join(", ");
}

function fileSystem(path) {
  try {
    const lines = execFileSync("df", ["--output=fstype", path], { encoding: "utf8" });
    return lines.trim().split("\n").at(-1);
  } catch {
    return "unknown file system"; // Not GNU's df.
  }
}
