// node test/peers/features.mjs [NAME…]: runs every program that is installed, or those named, and prints what each can
// do as Markdown tables. – is a program that is not installed.
import { inBench } from "./processes.mjs";
import { isInstalled, LOOKERS, RUNNERS } from "./programs.mjs";
import { OF_LOOKERS, OF_RUNNERS } from "./questions.mjs";

const chosen = process.argv.slice(2);

async function table(programs, questions) {
  const columns = Object.entries(programs).filter(
    ([name]) => chosen.length === 0 || chosen.includes(name),
  );
  if (columns.length === 0) return "";
  const rows = [];
  for (const [question, ask] of Object.entries(questions)) {
    const answers = columns.map(([name, program]) => answer(name, program, question, ask));
    rows.push([question, ...(await Promise.all(answers))]);
  }
  const head = ["", ...columns.map(([name]) => `\`${name}\``)];
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return `${lines.join("\n")}\n`;
}

async function answer(name, program, question, ask) {
  if (!isInstalled(program)) return "–";
  try {
    const found = await inBench((bench) => ask(bench, program));
    return typeof found === "string" ? found : found ? "yes" : "no";
  } catch (error) {
    throw new Error(`${name}, ${question}: ${error.message}`, { cause: error });
  }
}

console.log(await table(RUNNERS, OF_RUNNERS));
console.log(await table(LOOKERS, OF_LOOKERS));
