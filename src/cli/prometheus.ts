import type { AnyCatalogue } from "./catalogue-option.js";
import { parametersOf } from "./catalogue-option.js";
import { type Entry, isHeld, secondsSince } from "./format.js";

/** Entries as the text format of Prometheus, one sample for each file and metric that has a value. */
export function toPrometheus(catalogue: AnyCatalogue, entries: readonly Entry[]): string {
  const samples = entries.map((entry) => ({ entry, labels: labelsOf(catalogue, entry) }));
  const lines = METRICS.flatMap(({ name, help, value }) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...samples.flatMap(({ entry, labels }) => {
      const number = value(entry);
      return number === null ? [] : [`${name}{${labels}} ${number}`];
    }),
  ]);
  return `${lines.join("\n")}\n`;
}

interface Metric {
  readonly name: string;
  readonly help: string;
  /** Null: the file has no sample. */
  readonly value: (entry: Entry) => number | null;
}

const METRICS: readonly Metric[] = [
  {
    name: "lock_catalogue_held",
    help: "Whether the lock is held (1), shared also, or free (0).",
    value: (entry) => {
      const held = isHeld(entry);
      return held === null ? null : Number(held);
    },
  },
  {
    name: "lock_catalogue_held_seconds",
    help: "For how long the holder has held the lock, if its PID is in the file.",
    value: (entry) =>
      entry.state === "held" && entry.since !== null ? secondsSince(entry.since) : null,
  },
  {
    name: "lock_catalogue_waiters",
    help: "How many processes wait for the lock.",
    value: ({ state, waiters }) => (state === "unsafe" ? null : waiters.length),
  },
  {
    name: "lock_catalogue_unreadable",
    help: "Whether the lock could not be looked at: no permission, or not a regular file.",
    value: ({ state }) => Number(state === "unsafe" || state === "unreadable"),
  },
];

/** `path`, `kind`, and the parameters by their names, as far as those can be names of labels. */
function labelsOf(catalogue: AnyCatalogue, { lock, path }: Entry): string {
  const labels = new Map([["path", path]]);
  if (lock !== null) {
    labels.set("kind", lock.kind);
    for (const [parameter, value] of Object.entries(parametersOf(catalogue, lock))) {
      let label = parameter.replace(/[^A-Za-z0-9_]/gu, "_").replace(/^(?=\d|__)/u, "lock");
      while (labels.has(label)) label = `lock_${label}`;
      labels.set(label, value);
    }
  }
  return [...labels].map(([label, value]) => `${label}="${escaped(value)}"`).join(",");
}

/** As the format has it; a file name may hold anything. */
function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
