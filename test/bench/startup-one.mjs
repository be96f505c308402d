// One process of startup.mjs: imports what it is told, and prints the peak of its memory in MB.
const [, , name] = process.argv;
if (name !== "nothing") await import(name);
process.stdout.write(String(process.resourceUsage().maxRSS / 1_024));
