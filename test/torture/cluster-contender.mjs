// A host of a cluster under torture: takes one lock again and again, writes to a fenced table while it holds it, and
// says what it held, from when to when, once the server has confirmed it.
import { writeSync } from "node:fs";
import { join } from "node:path";
import { LockFile } from "lock-catalogue";
import { cluster } from "lock-catalogue/postgres";
import pg from "pg";

const [url, direct, directory] = process.argv.slice(2);
const say = (message) => writeSync(1, `${JSON.stringify(message)}\n`);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const random = (to) => Math.random() * to;
const now = () => String(process.hrtime.bigint());
/** The longest wait that a contender asks for. */
const TIMEOUT_MS = 4000;

const lock = cluster(url, { waits: 2 }).lock(new LockFile(join(directory, "tortured.lock")));
setInterval(() => lock, 1000);

const ways = [
  () => ({ timeout: TIMEOUT_MS }),
  () => ({ timeout: random(30) }),
  () => ({ wait: false }),
  () => ({ wait: true, signal: AbortSignal.timeout(Math.ceil(random(TIMEOUT_MS / 4))) }),
];

say({ ready: true });
for (;;) {
  const start = performance.now();
  let since = null;
  try {
    const options = { ...ways[Math.floor(random(ways.length))](), raiseIfFail: true };
    const held = await lock.withLock(async ({ token }) => {
      since = now();
      say({ waited: performance.now() - start });
      const fence = String(await token());
      if (random(1) < 0.7) await pause(random(40));
      await write(fence, since);
      return { from: since, to: now(), token: fence };
    }, options);
    say({ held });
  } catch (error) {
    if (error.code === "LOCK_LOST") say({ lost: error.cause?.message ?? "" });
    else if (since === null)
      say({ missed: error.code ?? error.name, waited: performance.now() - start });
    else say({ failed: error.message });
  }
  await pause(random(3));
}

/** A write that the table accepts only from who has no younger holder before it, as an application would make it. */
async function write(fence, since) {
  const client = new pg.Client(direct);
  client.on("error", () => {});
  try {
    await client.connect();
    const { rowCount } = await client.query(
      `WITH accepted AS (UPDATE fenced SET fence = $1 WHERE fence <= $1 RETURNING fence)
       INSERT INTO history (fence, since) SELECT fence, $2 FROM accepted`,
      [fence, since],
    );
    say(rowCount === 0 ? { refused: 1 } : { accepted: 1 });
  } catch {
    // The server is being restarted.
  } finally {
    await client.end().catch(() => {});
  }
}
