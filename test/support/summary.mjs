import { existsSync, readFileSync } from "node:fs";

// Prints what is in a file of Vitest's JSON reporter: each test that failed and how, then one line with the counts.
const [, , file] = process.argv;
if (existsSync(file)) {
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
    readFileSync(file, "utf8"),
  );
  for (const { name, message, assertionResults } of testResults) {
    if (message) console.log(`FAILED ${name}: ${message}`);
    for (const { status, fullName, failureMessages } of assertionResults) {
      if (status === "failed") {
        console.log(`FAILED ${name} > ${fullName}\n${failureMessages.join("\n").slice(0, 2_000)}`);
      }
    }
  }
  console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
} else {
  console.log("no test was run");
}
