import { z } from "zod";
import { specSchema } from "./schema.js";

/**
 * The JSON Schema of a spec, for editors. It comes from the schema that the validator uses and says
 * the same about the type of every key; names, templates, patterns and what regards several keys
 * are for the validator alone.
 */
export function jsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(specSchema, { io: "input", target: "draft-7" });
  return {
    $schema,
    $id: ID,
    title: "lock-catalogue",
    description: "A catalogue of lock kinds, from which lock-catalogue generates their classes.",
    ...schema,
  };
}

/** The same for all versions: tools know a schema by it. */
const ID =
  "https://raw.githubusercontent.com/lock-catalogue/lock-catalogue/main/codegen/locks.schema.json";
