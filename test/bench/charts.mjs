// npm run charts [-- FILE FOLDER]: draws the table of docs/measurements.md into docs/charts, or that of another file that
// has what npm run bench printed. So the pictures say what the table beside them says, and a kept run can be drawn again.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { writeCharts } from "./draw.mjs";

const documents = fileURLToPath(new URL("../../docs", import.meta.url));
const [file = `${documents}/measurements.md`, folder = `${documents}/charts`] =
  process.argv.slice(2);
writeCharts(folder, readFileSync(file, "utf8"));
