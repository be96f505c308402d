// node ring.mjs FILE INDEX SIZE: the role `share` of waits.c as no program can have it, with an ideal hint: a release wakes
// just the one process whose turn it is, by a FIFO `FILE.INDEX` that it listens to, and its one try succeeds. It is what
// Node.js can do at most, in bare calls.
import { closeSync, constants, openSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { createInterface } from "node:readline";
import extension from "fs-ext";

const [file, index, size] = process.argv.slice(2);
const { O_RDWR, O_NONBLOCK } = constants;
const { flockSync } = extension;
const { LOCK_EX, LOCK_NB, LOCK_UN } = extension.constants;
const openPlace = (i) => openSync(`${file}.${i}`, O_RDWR | O_NONBLOCK);
const next = openPlace((Number(index) + 1) % Number(size));
const cell = new Int32Array(new SharedArrayBuffer(4));
const now = () => process.hrtime.bigint();

let takeTurn = () => {};
new Socket({ fd: openPlace(index), writable: false }).on("data", () => takeTurn());

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  console.log(String(await share(...line.split(" ").map(BigInt))));
}

function share(start, end, hold, pause) {
  pauseFor(start - now());
  let count = 0;
  return new Promise((resolve) => {
    takeTurn = () => {
      const fd = openSync(file, O_RDWR);
      flockSync(fd, LOCK_EX | LOCK_NB);
      const taken = now();
      const isOver = taken >= end;
      if (!isOver) {
        count++;
        while (now() < taken + hold);
      }
      flockSync(fd, LOCK_UN);
      closeSync(fd);
      writeSync(next, "x");
      if (!isOver) return pauseFor(pause);
      takeTurn = () => {};
      resolve(count);
    };
    if (index === "0") setImmediate(takeTurn);
  });
}

function pauseFor(ns) {
  if (ns > 0n) Atomics.wait(cell, 0, 0, Number(ns) / 1e6);
}
