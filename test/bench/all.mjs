// npm run bench:peers: every question and its table, one after the other; exits 1 where one could not be answered.
import { spawnSync } from "node:child_process";
import { here } from "./support.mjs";

const QUESTIONS = ["peers", "handover", "shares", "contenders", "identify", "startup"];
const LONGEST_MS = 60_000;

for (const question of QUESTIONS) {
  const script = here(`${question}.mjs`);
  const { status, signal } = spawnSync(process.execPath, [script], {
    stdio: "inherit",
    timeout: LONGEST_MS,
  });
  if (status === 0) continue;
  console.error(`${question}.mjs ended with ${signal ?? status}`);
  process.exitCode = 1;
}
