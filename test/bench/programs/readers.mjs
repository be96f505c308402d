// node readers.mjs share FILE: shares the lock, says so, and computes.
// node readers.mjs contend FILE: for each line, tries as often to get the lock alone. Answers with how long each try took
// to say that it is busy (ms), and with the longest time that one kept the thread to itself.
import { createInterface } from "node:readline";
import { setImmediate as turn } from "node:timers/promises";
import { LockFile } from "lock-catalogue";

const [role, file] = process.argv.slice(2);
const lock = new LockFile(file);

if (role === "share") {
  lock.acquireSync({ mode: "shared" });
  console.log("shares");
  for (;;);
}
for await (const tries of createInterface({ input: process.stdin })) {
  const told = [];
  let longest = 0;
  for (let i = 0; i < Number(tries); i++) {
    let last = performance.now();
    const start = last;
    let isTold = false;
    const answer = lock.acquire({ raiseIfFail: false }).then((got) => {
      if (got) throw new Error("it is held");
      told.push(performance.now() - start);
      isTold = true;
    });
    while (!isTold) {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
      await turn();
    }
    await answer;
  }
  console.log(JSON.stringify({ told, longest }));
}
