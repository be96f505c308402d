import { expect, test } from "vitest";
import { ERRORS, LOCK_FILE_MEMBERS } from "../../codegen/spec/check-names.js";
import * as runtime from "../../src/index.js";

test("every member of a lock is refused as a parameter", () => {
  const members = [runtime.LockFile.prototype, Object.prototype].flatMap(Reflect.ownKeys);
  const own = Reflect.ownKeys(new runtime.LockFile("x.lock"));
  const names = [...members, ...own].filter((key) => typeof key === "string");
  expect(names).toContain("acquire");
  expect(names.filter((name) => !LOCK_FILE_MEMBERS.has(name))).toEqual([]);
});

test("the errors that a generated index exports are those of the runtime", () => {
  const isError = (value: unknown) =>
    typeof value === "function" && value.prototype instanceof Error;
  const errors = Object.entries(runtime).filter(([, value]) => isError(value));
  expect(ERRORS).toEqual(errors.map(([name]) => name).toSorted());
});
