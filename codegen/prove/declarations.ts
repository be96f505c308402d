import { inQuotes } from "../../src/text.js";
import type { Kind, Problem } from "../model.js";
import { declaredHere, plain } from "./messages.js";
import type { Pairs, Shared } from "./pairs.js";

/**
 * Checks whether each `precedes` settles something. Between kinds without a common name it is a leftover or a
 * slip; from the wider to the narrower kind it would leave the narrower one without a name; and a kind that is
 * never read cannot come before one that is. That the narrower kind precedes the wider goes without saying,
 * but may be said. Unknown names and circles, a kind before itself among them, are refused with the spec.
 */
export function checkDeclarations(kinds: readonly Kind[], pairs: Pairs): Problem[] {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  return kinds.flatMap((kind) =>
    kind.precedes.flatMap(({ name, place }) => {
      const other = byName.get(name);
      // A kind that could not be compared has a problem already.
      if (other === undefined) return [];
      const shared = pairs.between(kind, other);
      if (shared === undefined) return [];
      const fault = shared === null ? nothingToSettle(kind, other) : wrongWay(kind, other, shared);
      return fault === null ? [] : [{ ...fault, place }];
    }),
  );
}

function nothingToSettle(kind: Kind, other: Kind): Problem {
  return plain(
    kind.place,
    `${kind.name} and ${other.name} have no name in common, so there is nothing to settle`,
    "Remove this `precedes`.",
  );
}

function wrongWay(kind: Kind, other: Kind, { narrower, witness }: Shared): Problem | null {
  if (!kind.readable && other.readable) {
    return plain(
      kind.place,
      `${kind.name} (readable: false) is never asked for a name, so it cannot precede ${other.name}`,
      `Write \`precedes: ${kind.name}\` in ${other.name} if the common names, such as ${inQuotes(witness)}, are to be ${other.name}'s.`,
    );
  }
  if (narrower !== other.name || !other.readable) return null;
  return {
    ...plain(
      kind.place,
      `${kind.name} precedes ${other.name}, which would then own no name: each of its names, such as ${inQuotes(witness)}, is one of ${kind.name}'s too`,
      `Remove this \`precedes\`: the narrower kind, ${other.name}, is asked first by itself.`,
    ),
    related: declaredHere(kind, other),
  };
}
