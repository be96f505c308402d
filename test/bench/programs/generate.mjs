// node generate.mjs FOLDER: generates from the locks.yaml there, and prints the ms of that and the peak of memory in MB.
import { generate } from "lock-catalogue/codegen";

const start = performance.now();
const { files, report } = generate({ cwd: process.argv[2] });
const work = performance.now() - start;
if (files.length === 0) throw new Error(report);
const peak = process.resourceUsage().maxRSS / 1_024;
console.log(JSON.stringify({ files: files.length, work, peak }));
