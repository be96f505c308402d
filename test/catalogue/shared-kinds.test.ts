import { expect, it } from "vitest";
import { DeskLock, IndexLock, ShelfLock } from "../codegen/golden/shared-locks/generated/index.js";
import { temporaryDirectory } from "../support/directory.js";

const READER = { mode: "shared", raiseIfFail: false, wait: false } as const;
const WRITER = { raiseIfFail: false, wait: false } as const;

it.each([
  ["that stamps its file", (directory: string) => new ShelfLock(directory, "history")],
  ["that writes nothing into it", (directory: string) => new IndexLock(directory)],
])("a kind with shared: true, %s, is shared by readers and excludes writers", async (_, make) => {
  const directory = temporaryDirectory();
  const [one, two, writer] = [make(directory), make(directory), make(directory)];
  expect(await one.acquire(READER)).toBe(true);
  expect(two.acquireSync(READER)).toBe(true);
  expect(await writer.acquire(WRITER)).toBe(false);
  one.release();
  expect(writer.acquireSync(WRITER)).toBe(false);
  two.release();
  expect(await writer.acquire(WRITER)).toBe(true);
  expect(await one.acquire(READER)).toBe(false);
  writer.release();
});

it("a kind that does not say so is not shared", async () => {
  const desk = new DeskLock(temporaryDirectory());
  await expect(desk.acquire(READER)).rejects.toThrow(/shared/u);
  expect(desk.held).toBe(false);
  expect([ShelfLock.SHARED, IndexLock.SHARED, DeskLock.SHARED]).toEqual([true, true, false]);
});
