import { createTwoFilesPatch } from "diff";
import { type FileState, normalize } from "./plan.js";

/**
 * A unified diff from what is in a file to what should be; empty if nothing needs to change.
 */
export function diffOf({ state, before, after }: FileState, shown: string): string {
  if (state === "fresh") return "";
  const old = before === null ? "/dev/null" : `a/${shown}`;
  const next = after === null ? "/dev/null" : `b/${shown}`;
  const patch = createTwoFilesPatch(old, next, normalize(before ?? ""), after ?? "", "", "", {
    context: 3,
  });
  // The first line is a rule of equals signs, which unified diffs do not have.
  return patch.replace(/^=+\n/u, "").replaceAll(/^(---|\+\+\+) (.*)\t$/gmu, "$1 $2");
}
