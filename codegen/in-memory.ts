import { defined } from "./defined.js";
import { type LockOrder, lockOrderOf } from "./emit/lock-order.js";
import { nameRegex, valueRegex } from "./emit/regex.js";
import { load } from "./load.js";
import type { CatalogueSpec, Kind, Parameter, Range } from "./model.js";
import { kindsInOrder } from "./order.js";
import { report } from "./report.js";
import { readSource } from "./spec/source.js";

export { CannotRun } from "./cannot-run.js";

/** What the class of a kind has as static members. */
export interface KindStatics {
  readonly name: string;
  readonly TEMPLATE: string;
  readonly LOCK_PATTERN: RegExp | null;
  readonly PARAMETERS: Readonly<Record<string, RegExp>>;
  readonly VALUES: Readonly<Record<string, readonly string[] | Range>>;
  readonly DIRECTORY: string | { readonly default: string; readonly env: string } | null;
  readonly FILE: { readonly mode: number; readonly group?: string | number } | null;
  readonly NAMED: boolean;
  readonly SHARED: boolean;
  readonly LOCK_ORDER: LockOrder | null;
  readonly DEFAULTS: {
    readonly raiseIfFail: boolean;
    readonly wait: boolean;
    readonly stamp?: "none";
  };
}

/** A catalogue as its generated code has it, or what is wrong with its spec. */
export interface InMemory {
  /** Name of the catalogue. */
  readonly name: string;
  /** In the order of the generated index; empty if the spec has problems. */
  readonly kinds: readonly KindStatics[];
  /** The problems as text for a terminal; empty if there are none. */
  readonly report: string;
}

/**
 * Reads and proves a spec for a command that needs its kinds and none of their code: the generator's printer, which
 * takes most of the time of its load, is not loaded.
 *
 * @throws CannotRun if the spec cannot be read.
 */
export function kindsOf(file: string, cwd: string = process.cwd()): InMemory {
  const source = readSource(file, cwd);
  const { spec, proof, problems } = load(source);
  if (spec === null) return { name: "", kinds: [], report: report(problems, source) };
  const kinds = kindsInOrder(spec, proof).map((kind) => staticsOf(kind, spec));
  return { name: spec.name, kinds, report: "" };
}

function staticsOf(kind: Kind, spec: CatalogueSpec): KindStatics {
  const { parameters: declared } = spec;
  const parameters = kind.parameters.map((name) => defined(declared.get(name)));
  const only = parameters.flatMap(({ name, values, range }) => {
    const domain = range ?? values;
    return domain === null ? [] : [[name, domain] as const];
  });
  return {
    name: kind.name,
    TEMPLATE: kind.template,
    LOCK_PATTERN: kind.readable ? compiled(nameRegex(kind, declared)) : null,
    PARAMETERS: Object.fromEntries(parameters.map(patternOf)),
    VALUES: Object.fromEntries(only),
    DIRECTORY: directoryOf(kind),
    FILE: rightsOf(kind),
    NAMED: kind.named,
    SHARED: kind.shared,
    LOCK_ORDER: lockOrderOf(kind, spec),
    DEFAULTS: {
      raiseIfFail: kind.raiseIfFail,
      wait: kind.wait,
      ...(kind.stamp === "pid" ? {} : { stamp: kind.stamp }),
    },
  };
}

function directoryOf({ directory }: Kind): KindStatics["DIRECTORY"] {
  if (directory === null) return null;
  const { path, env } = directory;
  return env === null ? path : { default: path, env };
}

function rightsOf({ rights }: Kind): KindStatics["FILE"] {
  if (rights === null) return null;
  const { mode, group } = rights;
  return group === null ? { mode } : { mode, group };
}

function patternOf({ name, pattern }: Parameter): [name: string, pattern: RegExp] {
  return [name, compiled(valueRegex(pattern))];
}

/** A regular expression from its source text, `/…/u`, as it stands in generated code. */
function compiled(text: string): RegExp {
  return new RegExp(text.slice("/".length, -"/u".length), "u");
}
