import type { Kind, Problem } from "../model.js";
import { plain, quoted } from "./messages.js";
import { type Pairs, type Shared, says } from "./pairs.js";

/**
 * Judges whether each `precedes` settles something. Between kinds without a common name it is a leftover or a
 * slip; from the wider to the narrower kind it would leave the narrower one without a name; a kind that is
 * never read cannot come before one that is; and of two kinds only one can come first. That the narrower kind
 * precedes the wider goes without saying, but may be said.
 */
export function checkDeclarations(kinds: readonly Kind[], pairs: Pairs): Problem[] {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  return kinds.flatMap((kind) =>
    kind.precedes.flatMap(({ name, place }) => {
      const other = byName.get(name);
      // An unknown name is the reader's to report; a kind without proper names has a problem already.
      if (other === undefined) return [];
      const shared = pairs.between(kind, other);
      const fault =
        shared === null
          ? nothingToSettle(kind, other)
          : shared === undefined
            ? null
            : wrongWay(kind, other, shared);
      return fault === null ? [] : [{ ...fault, place }];
    }),
  );
}

function nothingToSettle(kind: Kind, other: Kind): Problem {
  const what =
    kind === other
      ? `${kind.name} cannot precede itself`
      : `${kind.name} and ${other.name} have no name in common, so there is nothing to settle`;
  return plain(kind.place, what, "Remove this `precedes`.");
}

function wrongWay(kind: Kind, other: Kind, { narrower, witness }: Shared): Problem | null {
  if (!kind.readable && other.readable) {
    return plain(
      kind.place,
      `${kind.name} (readable: false) is never asked for a name, so it cannot precede ${other.name}`,
      `Write \`precedes: ${kind.name}\` in ${other.name} if the common names, as ${quoted(witness)}, are to be ${other.name}'s.`,
    );
  }
  if (narrower === other.name && other.readable) {
    return {
      ...plain(
        kind.place,
        `${kind.name} precedes ${other.name}, which would then own no name: each of its names, as ${quoted(witness)}, is one of ${kind.name}'s too`,
        `Remove this \`precedes\`: the narrower kind, ${other.name}, is asked first by itself.`,
      ),
      related: [{ place: other.templatePlace, message: `${other.name} is declared here` }],
    };
  }
  // Of two that each precede the other, the wider is at fault where there is one, else the later.
  const faulty = narrower === kind.name && kind.readable ? other : later(kind, other);
  if (!says(other, kind) || faulty !== kind) return null;
  return {
    ...plain(
      kind.place,
      `${kind.name} and ${other.name} each precede the other`,
      "Keep one of the two.",
    ),
    related: other.precedes
      .filter(({ name }) => name === kind.name)
      .map(({ place }) => ({ place, message: `${other.name} precedes ${kind.name} here` })),
  };
}

function later(a: Kind, b: Kind): Kind {
  return b.place.start > a.place.start ? b : a;
}
