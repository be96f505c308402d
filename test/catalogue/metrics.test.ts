import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { within } from "../support/bounded.js";
import { temporaryDirectory } from "../support/directory.js";
import { ROOT } from "../support/root.js";
import { Script } from "../support/script.js";

const PAGE = readFileSync(join(ROOT, "docs/metrics.md"), "utf8");

/** The code under a heading of the document. */
function example(heading: string): string {
  const [, section = ""] = PAGE.split(`## ${heading}\n`);
  return /^```js\n([\s\S]*?)^```$/m.exec(section)?.[1] ?? "";
}

/** Waits that end in each way there is; `told` prints the metrics while three wait, and after all. */
function scenario(directory: string): string {
  return `
    import { LockFile } from "lock-catalogue";
    const file = ${JSON.stringify(join(directory, "x.lock"))};
    const holder = new LockFile(file);
    await holder.acquire();
    const released = new LockFile(file);
    const abort = new AbortController();
    const served = new LockFile(file);
    const endings = [
      new LockFile(file).acquire({ wait: true, signal: abort.signal }),
      released.acquire({ wait: true }),
      served.acquire({ wait: true }),
    ];
    await told();
    await new LockFile(file).acquire({ timeout: 5 }).catch(() => {});
    abort.abort();
    released.release();
    await Promise.allSettled(endings.slice(0, 2));
    await new LockFile(file, { raiseIfFail: false }).acquire();
    await new LockFile(file + "/x").acquire().catch(() => {});
    holder.release();
    await endings[2];
    served.release();
    await told();
  `;
}

async function tellTwice(code: string): Promise<[during: unknown, after: unknown]> {
  const script = new Script(code);
  const line = async () => JSON.parse(await within(20_000, "metrics", script.line()));
  const told: [unknown, unknown] = [await line(), await line()];
  expect(await script.end()).toMatchObject({ code: 0 });
  return told;
}

const FAILURES = {
  ABORT_ERR: 1,
  ENOTDIR: 1,
  LOCK_BUSY: 1,
  LOCK_RELEASED: 1,
  LOCK_TIMEOUT: 1,
};

describe("docs/metrics.md", () => {
  it("has a subscriber for prom-client, whose gauges come back to zero", async () => {
    const told = await tellTwice(`
      ${example("Prometheus")}
      import { register } from "prom-client";
      async function told() {
        const all = await register.getMetricsAsJSON();
        const valuesOf = (name) => all.find((metric) => metric.name === name).values;
        const one = (name) => valuesOf(name)[0]?.value ?? 0;
        const count = (name) =>
          valuesOf(name).find(({ metricName }) => metricName === name + "_count")?.value ?? 0;
        console.log(JSON.stringify({
          waiting: one("lock_waiting"),
          holding: one("lock_holding"),
          waits: count("lock_wait_seconds"),
          holds: count("lock_hold_seconds"),
          failures: Object.fromEntries(
            valuesOf("lock_failures_total").map(({ labels, value }) => [labels.code, value]),
          ),
        }));
      }
      ${scenario(temporaryDirectory())}`);
    expect(told).toEqual([
      { waiting: 3, holding: 1, waits: 1, holds: 0, failures: {} },
      { waiting: 0, holding: 0, waits: 2, holds: 2, failures: FAILURES },
    ]);
  });

  it("has a subscriber for OpenTelemetry, whose counters come back to zero", async () => {
    // As in a program: the SDK is set up before the subscriber is imported.
    const subscriber = `data:text/javascript,${encodeURIComponent(resolved(example("OpenTelemetry")))}`;
    const told = await tellTwice(`
      import { metrics as api } from "@opentelemetry/api";
      import {
        AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader,
      } from "@opentelemetry/sdk-metrics";
      const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
      const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
      api.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
      await import(${JSON.stringify(subscriber)});
      async function told() {
        await reader.forceFlush();
        const all = exporter.getMetrics().at(-1).scopeMetrics.flatMap(({ metrics }) => metrics);
        const pointsOf = (name) =>
          all.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
        const one = (name) => pointsOf(name)[0]?.value ?? 0;
        const count = (name) => pointsOf(name)[0]?.value.count ?? 0;
        console.log(JSON.stringify({
          waiting: one("lock.waiting"),
          holding: one("lock.holding"),
          waits: count("lock.wait.duration"),
          holds: count("lock.hold.duration"),
          failures: Object.fromEntries(
            pointsOf("lock.failures").map(({ attributes, value }) => [attributes["error.type"], value]),
          ),
        }));
      }
      ${scenario(temporaryDirectory())}
      await api.getMeterProvider().shutdown?.();`);
    expect(told).toEqual([
      { waiting: 3, holding: 1, waits: 1, holds: 0, failures: {} },
      { waiting: 0, holding: 0, waits: 2, holds: 2, failures: FAILURES },
    ]);
  });
});

/** A module of a data: URL has no directory from which it could import a package by name. */
function resolved(code: string): string {
  return code.replace(/from "(lock-catalogue|@opentelemetry\/api)"/gu, (_, name) => {
    return `from ${JSON.stringify(import.meta.resolve(name))}`;
  });
}
