import { existsSync, readFileSync } from "node:fs";

// Tells in a line what is in a file of vitest's JSON reporter.
const [, , file] = process.argv;
if (existsSync(file)) {
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(
    readFileSync(file, "utf8"),
  );
  console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
} else {
  console.log("no test was run");
}
