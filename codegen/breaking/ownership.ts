import { nameWithin } from "../automata/overlap.js";
import type { Kind } from "../model.js";
import { candidatePairs } from "../prove/candidates.js";
import { decided, type Finding } from "./finding.js";
import type { Pairing } from "./pairing.js";
import type { Program } from "./program.js";

/**
 * Names whose owner has changed although no kind that had a part in it has: two old kinds are asked
 * in another order, or a new kind is asked first.
 */
export function ownershipFindings(
  { pairs, added }: Pairing,
  old: Program,
  now: Program,
): readonly Finding[] {
  const beforeOf = new Map(pairs.map(({ before, after }) => [after.name, before]));
  const afterOf = new Map(pairs.map(({ before, after }) => [before.name, after]));
  return [...turned(beforeOf, old, now), ...takenOver(afterOf, added, old, now)];
}

/** Pairs of kinds whose common names the one owned and now the other does. */
function turned(
  beforeOf: ReadonlyMap<string, Kind>,
  old: Program,
  now: Program,
): readonly Finding[] {
  const owned = new Set(old.proof.overlaps.map(({ owner, other }) => `${owner} ${other}`));
  const kinds = new Map(now.spec.kinds.map((kind) => [kind.name, kind]));
  return now.proof.overlaps.flatMap(({ owner, other }) => {
    const [gains, loses] = [kinds.get(owner), kinds.get(other)];
    const [gained, lost] = [beforeOf.get(owner), beforeOf.get(other)];
    if (!gains || !loses || !gained || !lost) return [];
    if (!owned.has(`${lost.name} ${gained.name}`)) return [];
    return decided({ kinds: [gains.name, loses.name], place: gains.place }, () => {
      const name = nameWithin(
        [old.language(lost), now.language(loses), old.language(gained), now.language(gains)],
        [...old.owners(lost), ...now.owners(gains)],
      );
      if (name === null || !lost.readable || !gains.readable) return [];
      const message = `names of both ${loses.name} and ${gains.name} belong to ${gains.name} now, no longer to ${loses.name}`;
      return [finding("reading-order-changed", [gains, loses], message, name, old, now)];
    });
  });
}

/** New kinds that own names which an old kind owned. */
function takenOver(
  afterOf: ReadonlyMap<string, Kind>,
  added: readonly Kind[],
  old: Program,
  now: Program,
): readonly Finding[] {
  const newcomers = new Set(added.filter((kind) => kind.readable));
  if (newcomers.size === 0) return [];
  // A kind that is gone has a finding of its own, which says what has its names now.
  const stayed = old.spec.kinds.filter((kind) => kind.readable && afterOf.has(kind.name));
  return [...candidatePairs([...stayed, ...newcomers])].flatMap(([loser, newcomer]) => {
    const after = afterOf.get(loser.name);
    if (newcomers.has(loser) || !newcomers.has(newcomer) || after === undefined) return [];
    return decided({ kinds: [newcomer.name, after.name], place: newcomer.templatePlace }, () => {
      const name = nameWithin(
        [old.language(loser), now.language(newcomer)],
        [...old.owners(loser), ...now.owners(newcomer)],
      );
      if (name === null) return [];
      const message = `the new kind ${newcomer.name} takes over names of ${after.name}`;
      return [finding("names-taken-over", [newcomer, after], message, name, old, now)];
    });
  });
}

/** The first of the kinds gives the place. */
function finding(
  rule: Finding["rule"],
  kinds: readonly [Kind, Kind],
  message: string,
  name: string,
  old: Program,
  now: Program,
): Finding {
  const [kind] = kinds;
  return {
    rule,
    kinds: kinds.map((one) => one.name),
    message,
    witness: { name, old: old.treatment(name, kind), new: now.treatment(name, kind) },
    place: kind.templatePlace,
    oldPlace: null,
  };
}
