// node import.mjs NAME: imports it, and prints how many ms that took, and how many MB the process has then.
const [, , name] = process.argv;
const start = performance.now();
if (name !== "nothing") await import(name);
const ms = performance.now() - start;
console.log(JSON.stringify({ import: ms, mb: process.memoryUsage.rss() / 1e6 }));
