import { expect, it } from "vitest";
import { temporaryLock } from "../support/directory.js";
import { hasBarman } from "../support/peer.js";
import { Crew } from "./crew.js";
import { report, scale } from "./scale.js";

interface Span {
  readonly from: bigint;
  readonly to: bigint;
}

it("the owner that is read held the lock while it was read", async () => {
  const file = temporaryLock();
  const lastsMs = scale(3_000, 30_000);
  const crew = new Crew();
  try {
    for (const maker of [
      "ours",
      "ours",
      ...(hasBarman ? (["barman", "barman"] as const) : []),
    ] as const) {
      await crew.ready(maker, "hold", file, lastsMs);
    }
    await crew.ready("ours", "read", file, lastsMs);
    await crew.ready("ours", "read", file, lastsMs);
    crew.go();
    await crew.ended(120_000);
  } finally {
    await crew.kill();
  }
  const said = crew.members.flatMap(({ messages }) => messages);
  const spans = new Map<unknown, Span[]>();
  for (const { pid, from, to } of said) {
    if (pid !== undefined) spans.set(pid, [...(spans.get(pid) ?? []), span(from, to)]);
  }
  const readings = said.filter((message) => "owner" in message);
  const pids = readings.filter(({ owner }) => typeof owner === "number");
  const wrong = pids.filter(
    ({ owner, from, to }) => !overlaps(spans.get(owner) ?? [], span(from, to)),
  );
  report(
    `wrong owner: ${readings.length} readings, ${pids.length} of them a PID, ` +
      `${readings.filter(({ owner }) => owner === "unknown").length} unknown`,
    `${wrong.length} wrong`,
    "0",
  );
  expect(wrong).toEqual([]);
  expect(pids.length).toBeGreaterThan(scale(0, 1_000));
});

function span(from: unknown, to: unknown): Span {
  return { from: BigInt(String(from)), to: BigInt(String(to)) };
}

function overlaps(spans: readonly Span[], { from, to }: Span): boolean {
  return spans.some((held) => held.from <= to && from <= held.to);
}
