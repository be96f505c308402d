import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { until } from "../support/bounded.js";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";
import { Peer } from "../support/peer.js";
import {
  helpersOn,
  helperWaits,
  type Script,
  type ScriptOptions,
  scriptOn,
} from "../support/script.js";

/** A process that waits for a lock, and prints what the `acquired` channel says of it. */
function waiter(file: string, more = "", options?: ScriptOptions): Script {
  return scriptOn(
    file,
    `import { existsSync, writeSync } from "node:fs";
     import { subscribe } from "node:diagnostics_channel";
     subscribe("lock-catalogue:acquired", ({ waited, unused }) => {
       console.log(JSON.stringify({ waited, unused }));
     });
     ${more}
     await lock.acquire({ wait: true });
     lock.release();`,
    options,
  );
}

describe("a lock that is granted", () => {
  it("to a process whose event loop is busy tells for how long nobody used it", async () => {
    const file = temporaryLock();
    const granted = join(temporaryDirectory(), "granted");
    const holder = await Peer.holding(file);
    const busy = waiter(
      file,
      `process.once("SIGUSR2", () => {
         writeSync(1, "busy\\n");
         while (!existsSync(${JSON.stringify(granted)}));
         const start = performance.now();
         while (performance.now() < start + 400);
       });`,
    );
    await helperWaits(file);
    busy.child.kill("SIGUSR2");
    expect(await busy.line()).toBe("busy");
    await holder.release([file]);
    await until("the helper has it", () => helpersOn(file).length === 0);
    writeFileSync(granted, "");
    const { waited, unused } = JSON.parse(await busy.line());
    // It was told of the grant when that was over, and the clock has steps of 10 ms.
    expect(unused).toBeGreaterThanOrEqual(380);
    expect(unused).toBeLessThanOrEqual(waited);
    expect(await busy.end()).toEqual({ code: 0, signal: null });
  });

  it("to a try is used at once", async () => {
    expect(JSON.parse(await waiter(temporaryLock()).line())).toEqual({ waited: 0, unused: 0 });
  });

  it("is had where the `flock` program does not tell when, which is said", async () => {
    const bin = temporaryDirectory();
    // As BusyBox's does.
    writeFileSync(
      join(bin, "flock"),
      `#!/bin/sh\n[ "$1" = --verbose ] && exit 1\nexec /usr/bin/flock "$@"\n`,
    );
    chmodSync(join(bin, "flock"), 0o755);
    const file = temporaryLock();
    const holder = await Peer.holding(file);
    const contender = waiter(file, "", { env: { PATH: `${bin}:/usr/bin:/bin` } });
    await helperWaits(file);
    await holder.release([file]);
    const { waited, unused } = JSON.parse(await contender.line());
    expect(waited).toBeGreaterThan(0);
    expect(unused).toBe(null);
    expect(await contender.end()).toEqual({ code: 0, signal: null });
  });
});
