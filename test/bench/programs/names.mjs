// node names.mjs ours|bare CLASS|all: each line is a file of paths, answered with the paths read a second: by the class
// or the catalogue, or by the bare regular expressions in the same order, which neither check a name nor make a lock.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import * as catalogue from "lock-catalogue/barman";

const [way, name] = process.argv.slice(2);
const kinds = name === "all" ? catalogue.barman.kinds : [catalogue[name]];

const ours = {
  all: (path) => catalogue.barman.identify(path),
  one: (path) => catalogue[name].buildIfMatches(path),
};
const read = { ours: name === "all" ? ours.all : ours.one, bare: matchBare }[way];

for await (const file of createInterface({ input: process.stdin })) {
  console.log(String(perSecond(readFileSync(file, "utf8").split("\n"))));
}

function perSecond(paths) {
  const start = performance.now();
  let found = 0;
  for (const path of paths) if (read(path) !== null) found++;
  const seconds = (performance.now() - start) / 1e3;
  if (found !== 0 && found !== paths.length) throw new Error(`${found} of ${paths.length} read`);
  return paths.length / seconds;
}

function matchBare(path) {
  const file = basename(path);
  for (const kind of kinds) {
    const match = kind.LOCK_PATTERN.exec(file);
    if (match !== null) return match;
  }
  return null;
}
