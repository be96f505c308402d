import { writeFileSync } from "node:fs";
import { jsonSchema } from "./json-schema.js";

// Run by `npm run schema`, from the root of the package.
writeFileSync("codegen/locks.schema.json", `${JSON.stringify(jsonSchema(), null, 2)}\n`);
