import { NAME_MAX } from "../../src/name.js";
import { inQuotes } from "../../src/text.js";
import type { Languages } from "../automata/languages.js";
import type { SlowInput } from "../automata/linear-time.js";
import { type Reading, readings } from "../automata/readings.js";
import { defined } from "../defined.js";
import type { Kind, Problem } from "../model.js";

/** `ServerLock reads it with serverName = "a", id = "b"`; a kind without parameters has no values to show. */
function howRead(kind: Kind, name: string, languages: Languages): string {
  const [reading] = readings(kind, languages.of(kind), name);
  const values = spoken(defined(reading));
  const verb = kind.readable ? "reads it" : "makes it";
  return values === ""
    ? `${kind.name} ${verb} as it stands`
    : `${kind.name} ${verb} with ${values}`;
}

/** One kind, two readings of one name. */
export function twoReadings(kind: Kind, name: string, languages: Languages): Problem {
  const [first, second] = readings(kind, languages.of(kind), name);
  return {
    place: kind.templatePlace,
    message: lines(
      `${kind.name} reads the name ${inQuotes(name)} in two ways`,
      `  one way:  ${spoken(defined(first))}`,
      `  another:  ${spoken(defined(second))}`,
      "Let one value end where the other begins: give a parameter a pattern without the text between them",
      "(as in `pattern: '[^-]+'`), change that text, or declare `readable: false` if names need not be read back.",
    ),
  };
}

/** Two kinds that claim one name, with nothing to say whose it is. */
export function twoOwners(
  later: Kind,
  earlier: Kind,
  relation: "equal" | "partial",
  examples: { readonly common: string; readonly onlyLater: string; readonly onlyEarlier: string },
  languages: Languages,
): Problem {
  const claim = `${later.name} and ${earlier.name} both claim the name ${inQuotes(examples.common)}`;
  return {
    place: later.templatePlace,
    message: lines(
      relation === "equal" ? `${claim}, and every other name of theirs` : claim,
      `  ${howRead(later, examples.common, languages)}`,
      `  ${howRead(earlier, examples.common, languages)}`,
      ...(relation === "equal"
        ? []
        : [
            `Neither is the narrower kind: ${inQuotes(examples.onlyLater)} is a name of ${later.name} alone, and ${inQuotes(examples.onlyEarlier)} of ${earlier.name} alone.`,
          ]),
      canSettle(later, earlier)
        ? `Change a template, narrow a pattern, or say who is asked first: \`precedes: ${earlier.name}\` in ${later.name}, or the reverse.`
        : "Change a template or narrow a pattern, or let the two be in different directories.",
    ),
    related: declaredHere(later, earlier),
  };
}

/** Whether a spec can say which of two kinds is asked first: not of kinds of different catalogues. */
function canSettle(kind: Kind, other: Kind): boolean {
  return kind.origin?.source === other.origin?.source;
}

/** Where kinds are declared that have a part in a problem of another one; and of that one, if it is not here. */
export function declaredHere(
  kind: Kind,
  ...others: readonly Kind[]
): NonNullable<Problem["related"]> {
  const all = kind.origin === null ? others : [kind, ...others];
  return all.map(({ name, templatePlace, origin }) => ({
    place: origin?.templatePlace ?? templatePlace,
    message: `${name} is declared here`,
    ...(origin === null ? {} : { source: origin.source }),
  }));
}

/** A kind that cannot be read back makes names that belong to another kind. */
export function unreadableClaim(
  unreadable: Kind,
  other: Kind,
  name: string,
  languages: Languages,
): Problem {
  const settle = !canSettle(unreadable, other)
    ? "Change a template, or let the two be in different directories."
    : other.readable
      ? `Change a template, or let ${other.name} have these names for good: \`precedes: ${unreadable.name}\` in ${other.name}.`
      : `Change a template, or say that this is meant: \`precedes\` in one of them, naming the other.`;
  return {
    place: unreadable.templatePlace,
    message: lines(
      `${unreadable.name} (readable: false) makes the name ${inQuotes(name)}, which ${other.name} claims too`,
      `  ${howRead(unreadable, name, languages)}`,
      `  ${howRead(other, name, languages)}`,
      settle,
    ),
    related: declaredHere(unreadable, other),
  };
}

/** A kind that no name is left for. */
export function ownsNothing(kind: Kind, owners: readonly Kind[], name: string): Problem {
  const who = owners.map((owner) => owner.name).join(", ");
  return {
    place: kind.templatePlace,
    message: lines(
      `${kind.name} owns no name: all of them, such as ${inQuotes(name)}, are owned by ${who}`,
      `Widen ${kind.name} or remove it; if it is meant never to be read, write \`precedes: ${kind.name}\` in each of those kinds.`,
    ),
    related: declaredHere(kind, ...owners),
  };
}

/** A regex, or a part of it, that a text can make slow. */
export function slow(what: string, place: Problem["place"], input: SlowInput): Problem {
  const { head, pump, tries } = input;
  const steps = `takes ${amount(tries)} steps`;
  const start = head === "" ? "" : `${inQuotes(head)} and then `;
  return {
    place,
    message: lines(
      ...(pump === ""
        ? [`${what} can be slow: the text ${inQuotes(head)} ${steps}`]
        : [
            `${what} can be slow: a text of ${NAME_MAX} characters ${steps}, and the number grows faster than its length`,
            `  such a text is ${start}${inQuotes(pump)} again and again`,
          ]),
      "Say in one way only how the repeated part is matched: no repetition inside a repetition, no two alternatives or",
      "neighbours that take the same text.",
    ),
  };
}

/** Something about one kind, in one sentence and a remedy. */
export function plain(place: Problem["place"], ...text: readonly string[]): Problem {
  return { place, message: lines(...text) };
}

/** `serverName = "a", id = "b"`. */
export function spoken(reading: Reading): string {
  return Array.from(reading, ([parameter, value]) => `${parameter} = ${inQuotes(value)}`).join(
    ", ",
  );
}

function amount(count: number): string {
  return count < 1e6 ? String(Math.round(count)) : `about 10^${Math.round(Math.log10(count))}`;
}

function lines(...text: readonly string[]): string {
  return text.join("\n");
}
