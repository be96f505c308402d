import path from "node:path";
import { generate } from "../../codegen/index.js";
import { temporaryDirectory, writeFiles } from "../support/directory.js";

/** A spec of two kinds. */
export const SPEC: string = `catalogue: sample
output: out
parameters:
  user: {}
locks:
  AlphaLock:
    template: alpha-{user}.lock
    description: Protects alpha.
  BetaLock:
    template: beta.lock
    description: Protects beta.
`;

/** A directory with a spec whose output is generated. */
export function project(spec: string = SPEC): { cwd: string; out: string } {
  const cwd = temporaryDirectory();
  writeFiles(cwd, [["locks.yaml", spec]]);
  generate({ cwd });
  return { cwd, out: path.join(cwd, "out") };
}
