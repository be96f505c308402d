import { expect, test } from "vitest";
import { LOCK_FILE_MEMBERS } from "../../codegen/spec/check-names.js";
import * as runtime from "../../src/index.js";

test("every member of a lock is refused as a parameter", () => {
  const members = [runtime.LockFile.prototype, Object.prototype].flatMap(Reflect.ownKeys);
  const own = Reflect.ownKeys(new runtime.LockFile("x.lock"));
  const names = [...members, ...own].filter((key) => typeof key === "string");
  expect(names).toContain("acquire");
  expect(names.filter((name) => !LOCK_FILE_MEMBERS.has(name))).toEqual([]);
});
