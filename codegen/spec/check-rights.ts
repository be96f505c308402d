import type { Problem } from "../model.js";
import type { SpecText } from "./read-yaml.js";
import { keysAt, stringAt, valueAt } from "./untyped.js";

/** Who may read and write a file, in octal: its owner always may, and nobody runs it. */
export const MODE: RegExp = /^0?6[0246]{2}$/;

/** What the name of a group is. */
export const GROUP: RegExp = /^[a-z_][a-z0-9_-]*\$?$/;

/** The one above it means to chown(2) that the group stays. */
export const GREATEST_GROUP: number = 2 ** 32 - 2;

/** What is wrong with the rights that a spec declares for lock files: the catalogue's, and those of its kinds. */
export function rightsProblems(spec: SpecText): readonly Problem[] {
  const kinds = keysAt(spec, ["locks"]).map((kind) => ["locks", kind]);
  const hasMode = valueAt(spec, ["mode"]) !== undefined;
  return [[], ...kinds].flatMap((owner) => {
    const at = (key: string, message: string | null): readonly Problem[] =>
      message === null ? [] : [{ place: spec.places.value([...owner, key]), message }];
    const mode = stringAt(spec, [...owner, "mode"]);
    const group = valueAt(spec, [...owner, "group"]);
    const isAlone = !hasMode && valueAt(spec, [...owner, "mode"]) === undefined;
    return [
      ...at("mode", mode === null || mode === "" ? null : modeFault(mode)),
      ...at("group", group === undefined ? null : (groupFault(group) ?? (isAlone ? ALONE : null))),
    ];
  });
}

function modeFault(mode: string): string | null {
  if (MODE.test(mode)) return null;
  const wish = `a mode is three octal digits, as in "0660", for the owner, the group and all others`;
  if (!/^0?[0-7]{3}$/u.test(mode)) {
    const special = /^[1-7][0-7]{3}$/u.test(mode);
    return special
      ? `the mode "${mode}" has a set-user-ID, set-group-ID or sticky bit, which is nothing for a lock file: ${wish}`
      : `"${mode}" is no mode of a lock file: ${wish}`;
  }
  const digits = [...mode.slice(-3)].map(Number);
  if (digits.some((digit) => (digit & 1) !== 0)) {
    const others = digits.slice(1).map((digit) => digit & 6);
    return `the mode "${mode}" lets a lock file be executed: write "06${others.join("")}"`;
  }
  const own = `06${mode.slice(-2)}`;
  return `the mode "${mode}" keeps out the owner of a lock file, who reads and writes it: write "${own}"`;
}

function groupFault(group: unknown): string | null {
  if (typeof group === "number") {
    if (!Number.isSafeInteger(group) || (group >= 0 && group <= GREATEST_GROUP)) return null;
    return `the number of a group is from 0 to ${GREATEST_GROUP}, and not ${group}`;
  }
  if (typeof group !== "string" || group === "" || GROUP.test(group)) return null;
  if (/^\d+$/u.test(group)) return `the number of a group is written without quotes: ${group}`;
  return `"${group}" is no name of a group: it consists of small letters, digits, "_" and "-", and begins with a letter or "_"`;
}

const ALONE = 'a group needs a "mode" too, such as "0660": without one, it may not use the file';
