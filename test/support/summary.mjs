import { existsSync, readFileSync } from "node:fs";

// Tells in a line what is in a file of vitest's JSON reporter.
const [, , file] = process.argv;
if (!existsSync(file)) console.log("no tests were run");
else {
  const { numPassedTests, numFailedTests, numPendingTests, success } = JSON.parse(
    readFileSync(file, "utf8"),
  );
  const counts = `${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`;
  // A file that cannot be loaded has no tests that fail.
  console.log(success || numFailedTests > 0 ? counts : `${counts}, and a file of tests failed`);
}
