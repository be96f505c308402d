// What it costs to import the runtime: the process from start to end beside one that imports nothing, and the import
// itself beside that of its one dependency and of its peers. And what `run` costs beside flock(1), and a Node.js that does
// nothing: from its start to its end, and the memory of the process that waits for the command.
import { missingPackage } from "../peers.mjs";
import { digits, median, missingRow, row } from "../row.mjs";
import { MAIN, programPath } from "../scope.mjs";

export const title = "Start-up";
export const reading = "less is better";

const NAMES = [
  "nothing",
  "lock-catalogue",
  "lock-catalogue/barman",
  "fs-ext",
  "proper-lockfile",
  "fs-native-extensions",
];

export async function answer(scope) {
  const missing = Object.fromEntries(NAMES.slice(1).map((name) => [name, missingPackage(name)]));
  const present = Object.fromEntries(
    NAMES.filter((name) => !missing[name]).map((name) => [name, name]),
  );
  const turns = await scope.inTurns(21, present, (name) => importIn(scope, name));
  const figures = (key, name) => turns[name].map((turn) => turn[key]);
  const more = (name) =>
    `+${digits(median(figures("mb", name)) - median(figures("mb", "nothing")))}`;
  const compare = (what, name, other, bounds = {}) => {
    const about = { what, to: other, unit: "ms", ...bounds };
    if (missing[other]) return missingRow(about, missing[other]);
    const note = `memory ${more(name)} / ${more(other)} MB`;
    return row({ ...about, note }, figures("import", name), figures("import", other));
  };
  const whole = (what, key, unit) =>
    row(
      { what, to: "one that imports nothing", unit },
      figures(key, "lock-catalogue"),
      figures(key, "nothing"),
    );
  return [
    whole("process that imports the runtime", "process", "ms"),
    whole("memory of such a process", "mb", "MB"),
    compare("import of the runtime", "lock-catalogue", "fs-ext", { ratioAtMost: 2.5 }),
    compare("import of the runtime", "lock-catalogue", "proper-lockfile", { ratioAtMost: 0.6 }),
    compare("import of the runtime", "lock-catalogue", "fs-native-extensions"),
    compare("import with Barman's kinds", "lock-catalogue/barman", "lock-catalogue"),
    ...(await answerOfRun(scope)),
  ];
}

/** The command beside the programs that do as much, or nothing. */
async function answerOfRun(scope) {
  const file = scope.file("run.lock");
  // The command says what its parent takes.
  const command = ["sh", "-c", "grep VmRSS /proc/$PPID/status"];
  const nothing = "console.log(`VmRSS: ${process.memoryUsage.rss() / 1024}`)";
  const ways = {
    run: [process.execPath, MAIN, "run", "--file", file, "--", ...command],
    "flock(1)": ["flock", file, ...command],
    "Node.js that does nothing": [process.execPath, "-e", nothing],
  };
  const turns = await scope.inTurns(21, ways, async ([program, ...args]) => {
    const { stdout, ms } = await scope.run(program, args);
    return { ms, mb: Number(/VmRSS:\s+([\d.]+)/.exec(stdout)[1]) / 1024 };
  });
  const figures = (key, name) => turns[name].map((turn) => turn[key]);
  return Object.keys(ways)
    .slice(1)
    .flatMap((to) => [
      row({ what: "`run` of a command", to, unit: "ms" }, figures("ms", "run"), figures("ms", to)),
      row({ what: "memory of `run`", to, unit: "MB" }, figures("mb", "run"), figures("mb", to)),
    ]);
}

/** In a process of its own, where nothing is there already. */
async function importIn(scope, name) {
  const { stdout, ms } = await scope.run(process.execPath, [programPath("import.mjs"), name]);
  return { ...JSON.parse(stdout), process: ms };
}
