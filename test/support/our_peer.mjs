// A process of ours, driven by JSON lines: {id, op, lock, options} in, {id, value} or {id, error} out.
// `lock` is [file] for the base class or [Kind, directory, ...parameters]; the same words mean the same lock object.
import { createInterface } from "node:readline";
import { LockFile } from "lock-catalogue";
import * as barman from "lock-catalogue/barman";

const locks = new Map();

function lockOf(words) {
  const key = JSON.stringify(words);
  if (!locks.has(key)) {
    const [first, ...rest] = words;
    locks.set(key, rest.length === 0 ? new LockFile(first) : new barman[first](...rest));
  }
  return locks.get(key);
}

const operations = {
  filename: (lock) => lock.filename,
  acquire: (lock, options) => lock.acquire(options),
  acquireSync: (lock, options) => lock.acquireSync(options),
  release: (lock) => lock.release(),
  owner: (lock) => lock.getOwnerPid(),
  held: (lock) => lock.held,
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, op, lock, options } = JSON.parse(line);
  // Not awaited here: a release must get through while an acquire waits.
  Promise.resolve()
    .then(() => operations[op](lockOf(lock), options))
    .then(
      (value) => ({ id, value: value ?? null }),
      (error) => ({ id, error: { name: error.name, code: error.code, message: error.message } }),
    )
    .then((answer) => process.stdout.write(`${JSON.stringify(answer)}\n`));
}
