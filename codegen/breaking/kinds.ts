import path from "node:path";
import { NAME_MAX } from "../../src/name.js";
import { inQuotes, modeOf } from "../../src/text.js";
import { defined } from "../defined.js";
import type { Directory, Kind } from "../model.js";
import { spoken } from "../prove/messages.js";
import { spelled } from "../prove/witness.js";
import { decided, type Finding, type Witness } from "./finding.js";
import { differing } from "./names.js";
import type { Pair } from "./pairing.js";
import type { Program } from "./program.js";

/** What has changed about the kinds that are in both catalogues, each by itself. */
export function kindFindings(
  pairs: readonly Pair[],
  old: Program,
  now: Program,
): readonly Finding[] {
  return pairs.flatMap((pair) =>
    decided({ kinds: [pair.after.name], place: pair.after.templatePlace }, () => [
      ...renamed(pair, old),
      ...otherTemplate(pair, old, now),
      ...otherDirectory(pair, old, now),
      ...otherOrder(pair, old, now),
      ...otherConstructor(pair, old),
      ...otherDefaults(pair, old),
      ...otherRights(pair, old),
      ...noLongerShared(pair, old),
      ...otherReading(pair, old),
    ]),
  );
}

/** The kinds that are gone. */
export function removedFindings(
  removed: readonly Kind[],
  old: Program,
  now: Program,
): readonly Finding[] {
  return removed.flatMap((kind) =>
    decided({ kinds: [kind.name], place: now.spec.kindsPlace }, () => {
      const name = old.nameOf(kind);
      return [
        {
          rule: "kind-removed",
          kinds: [kind.name],
          message: `${kind.name} is gone: new programs do not take its locks`,
          witness: { name, old: old.treatment(name, kind), new: now.treatment(name, kind) },
          place: now.spec.kindsPlace,
          oldPlace: kind.place,
        },
      ];
    }),
  );
}

function renamed({ before, after }: Pair, old: Program): readonly Finding[] {
  if (before.name === after.name) return [];
  return [
    {
      rule: "kind-renamed",
      kinds: [after.name],
      message: `${before.name} is called ${after.name} now`,
      witness: {
        name: old.nameOf(before),
        old: `calls it ${before.name}`,
        new: `calls it ${after.name}`,
      },
      place: after.place,
      oldPlace: before.place,
    },
  ];
}

function otherTemplate(pair: Pair, old: Program, now: Program): readonly Finding[] {
  const { before, after, parameters } = pair;
  const witness = parameters === null ? otherCount(pair, old, now) : otherNames(pair, old, now);
  if (witness === null) return [];
  const templates = `${inQuotes(after.template)} instead of ${inQuotes(before.template)}`;
  return [
    about(after, "template-changed", `${after.name} locks other files: ${templates}`, witness, {
      place: after.templatePlace,
    }),
  ];
}

function otherDirectory({ before, after }: Pair, old: Program, now: Program): readonly Finding[] {
  const { directory: from } = before;
  const { directory: to } = after;
  if (from?.path === to?.path && from?.env === to?.env) return [];
  const name = old.nameOf(before);
  const place = to?.place ?? after.place;
  if (from === null || to === null) {
    const change =
      to === null
        ? `takes its directory first: the spec no longer says ${inQuotes(from?.path ?? "")}`
        : `takes no directory first: the spec says ${placeSaid(to)}`;
    const says = (directory: Directory | null) =>
      directory === null
        ? "locks it in the directory that is given first"
        : `locks ${inQuotes(path.posix.join(directory.path, name))}${orElsewhere(directory)}`;
    const witness = { name, old: says(from), new: says(to) };
    return [
      about(after, "directory-declared", `the constructor of ${after.name} ${change}`, witness, {
        place,
      }),
    ];
  }
  const locks = (directory: Directory, program: Program, kind: Kind) =>
    `locks ${inQuotes(path.posix.join(directory.path, program.nameOf(kind)))}${orElsewhere(directory)}`;
  const message = `${after.name} locks files in another directory: ${placeSaid(to)} instead of ${placeSaid(from)}`;
  const witness = { name, old: locks(from, old, before), new: locks(to, now, after) };
  return [about(after, "directory-changed", message, witness, { place })];
}

function placeSaid(directory: Directory): string {
  return inQuotes(directory.path) + orElsewhere(directory);
}

function orElsewhere({ env }: Directory): string {
  return env === null ? "" : ` (or where ${env} says)`;
}

/** With more or fewer parameters, no call of the one program is a call of the other. */
function otherCount({ before, after }: Pair, old: Program, now: Program): Witness {
  const name = old.nameOf(before);
  const takes = `${after.name} takes ${after.parameters.join(", ") || "no parameters"}`;
  return {
    name,
    old: old.treatment(name, before),
    new: `${now.treatment(name, before)}: ${takes}`,
  };
}

function otherNames(pair: Pair, old: Program, now: Program): Witness | null {
  const found = differing(pair, old, now);
  if (found === null) return null;
  const { values, name, nextName } = found;
  const shown = values.size === 0 ? "" : ` with ${spoken(values)}`;
  return {
    name,
    old: `locks it as ${pair.before.name}${shown}`,
    new: `locks ${inQuotes(nextName)}${shown} and, for this one, ${now.treatment(name, pair.before)}`,
  };
}

/** Calls of the one constructor are no calls of the other. */
function otherConstructor({ before, after }: Pair, old: Program): readonly Finding[] {
  // What takes no values, takes them in neither way.
  if (
    before.named === after.named ||
    Math.min(before.parameters.length, after.parameters.length) === 0
  )
    return [];
  const name = old.nameOf(before);
  const values = [...old.valuesOf(before, name)];
  const says = ({ name: kind, named, parameters }: Kind) => {
    const given = values.map(
      ([, value], at) => `${named ? `${parameters[at]}: ` : ""}${inQuotes(value)}`,
    );
    return `locks it as new ${kind}(directory, ${named ? `{ ${given.join(", ")} }` : given.join(", ")})`;
  };
  const change = after.named
    ? "takes its values by name in one object"
    : "takes its values one by one";
  return [
    about(after, "named-changed", `the constructor of ${after.name} ${change}`, {
      name,
      old: says(before),
      new: says(after),
    }),
  ];
}

/** The same arguments give other parameters their values. */
function otherOrder(pair: Pair, old: Program, now: Program): readonly Finding[] {
  const { before, after, parameters } = pair;
  const moved = before.parameters.map((name) => parameters?.get(name));
  // Values that are given by name have no order; from one form to the other, no call stays as it is.
  if (before.named || after.named) return [];
  if (parameters === null || moved.every((name, at) => name === after.parameters[at])) return [];
  const name = old.nameOf(before);
  const values = old.valuesOf(before, name);
  const given = [...values.values()];
  const taken = new Map(after.parameters.map((parameter, at) => [parameter, defined(given[at])]));
  const refused = [...taken].find(([parameter, value]) => !now.takes(parameter, value));
  const nextName = spelled(after, taken);
  const next =
    refused !== undefined
      ? `refuses the same arguments, since ${refused[0]} cannot be ${inQuotes(refused[1])}`
      : Buffer.byteLength(nextName) > NAME_MAX
        ? "refuses the same arguments, since the name is too long"
        : `locks ${inQuotes(nextName)} with ${spoken(taken)} for the same arguments`;
  const order = `(${after.parameters.join(", ")}) instead of (${before.parameters.join(", ")})`;
  return [
    about(
      after,
      "parameters-reordered",
      `the constructor of ${after.name} takes its parameters in another order: ${order}`,
      { name, old: `locks it as ${before.name} with ${spoken(values)}`, new: next },
      { place: after.templatePlace },
    ),
  ];
}

function otherDefaults({ before, after }: Pair, old: Program): readonly Finding[] {
  const findings: Finding[] = [];
  const name = old.nameOf(before);
  if (before.wait !== after.wait) {
    const says = ({ wait }: Kind) =>
      wait ? "waits until the holder releases it" : "gives up at once while it is held";
    findings.push(
      about(
        after,
        "default-wait-changed",
        `${after.name} ${after.wait ? "waits by default now" : "no longer waits by default"}`,
        { name, old: says(before), new: says(after) },
      ),
    );
  }
  if (before.raiseIfFail !== after.raiseIfFail) {
    const says = ({ raiseIfFail }: Kind) =>
      raiseIfFail ? "throws if it cannot have it" : "gets false if it cannot have it";
    const change = after.raiseIfFail ? "throws by default now" : "no longer throws by default";
    findings.push(
      about(after, "default-raise-changed", `acquiring ${after.name} ${change} if it fails`, {
        name,
        old: says(before),
        new: says(after),
      }),
    );
  }
  if (before.stamp !== after.stamp) {
    const says = ({ stamp }: Kind) =>
      stamp === "pid"
        ? "writes its PID over a line of the file while it holds it"
        : "writes nothing into the file, so that only the system knows the holder";
    const change = after.stamp === "pid" ? "writes its PID" : "no longer writes its PID";
    findings.push(
      about(after, "stamp-changed", `the holder of ${after.name} ${change} into the file`, {
        name,
        old: says(before),
        new: says(after),
      }),
    );
  }
  return findings;
}

/** Whoever creates the file first decides who may lock it, until it is removed. */
function otherRights({ before, after }: Pair, old: Program): readonly Finding[] {
  const name = old.nameOf(before);
  const { mode: oldMode, group: oldGroup } = before.rights ?? OWNER_ONLY;
  const { mode, group } = after.rights ?? OWNER_ONLY;
  const findings: Finding[] = [];
  if (oldMode !== mode) {
    const message = `the file of ${after.name} is created with mode ${modeOf(mode)} instead of ${modeOf(oldMode)}`;
    const says = (of: number) => `creates it with mode ${modeOf(of)}`;
    const witness = { name, old: says(oldMode), new: says(mode) };
    const place = after.rights?.modePlace ?? after.place;
    findings.push(about(after, "mode-changed", message, witness, { place }));
  }
  if (oldGroup !== group) {
    const said = (of: string | number | null) =>
      of === null ? "the group of its user or directory" : `group ${of}`;
    const message = `the file of ${after.name} is created with ${said(group)} instead of ${said(oldGroup)}`;
    const says = (of: string | number | null) => `creates it with ${said(of)}`;
    const witness = { name, old: says(oldGroup), new: says(group) };
    const place = after.rights?.groupPlace ?? after.place;
    findings.push(about(after, "group-changed", message, witness, { place }));
  }
  return findings;
}

const OWNER_ONLY = { mode: 0o600, group: null } as const;

/** The other way round nothing breaks: what shares a lock is kept out by old programs, as these are by it. */
function noLongerShared({ before, after }: Pair, old: Program): readonly Finding[] {
  if (!before.shared || after.shared) return [];
  return [
    about(after, "shared-removed", `readers may no longer share ${after.name}`, {
      name: old.nameOf(before),
      old: "may hold it together with others that only read",
      new: "holds it alone: readers of the old program wait for it, and it for them",
    }),
  ];
}

function otherReading({ before, after }: Pair, old: Program): readonly Finding[] {
  if (before.readable === after.readable) return [];
  const says = ({ name, readable }: Kind) =>
    readable ? `reads it back as ${name}` : `never reads it back as ${name}`;
  return [
    about(
      after,
      "readable-changed",
      `names of ${after.name} are ${after.readable ? "read back now" : "no longer read back"}`,
      { name: old.nameOf(before), old: says(before), new: says(after) },
    ),
  ];
}

function about(
  kind: Kind,
  rule: Finding["rule"],
  message: string,
  witness: Witness,
  { place }: Pick<Finding, "place"> = kind,
): Finding {
  return { rule, kinds: [kind.name], message, witness, place, oldPlace: null };
}
