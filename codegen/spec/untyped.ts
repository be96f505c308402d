import type { SpecText } from "./read-yaml.js";

/**
 * Careful looks into values whose types are not checked yet: the checks that go beyond the schema
 * run even if the schema has found something, so that all problems come at once.
 */
type Path = readonly string[];

/** The string at `path`, or `null` if there is none. */
export function stringAt(spec: SpecText, path: Path): string | null {
  const value = valueAt(spec, path);
  return typeof value === "string" ? value : null;
}

/** The keys of the map at `path`; none if there is no map. */
export function keysAt(spec: SpecText, path: Path): readonly string[] {
  const value = valueAt(spec, path);
  return isMap(value) ? Object.keys(value) : [];
}

/** The strings of the list at `path` with their paths; none if there is no list. */
export function stringsAt(
  spec: SpecText,
  path: Path,
): readonly { readonly text: string; readonly path: Path }[] {
  const value = valueAt(spec, path);
  if (!Array.isArray(value)) return [];
  return value.flatMap((text: unknown, index) =>
    typeof text === "string" ? [{ text, path: [...path, String(index)] }] : [],
  );
}

/** The paths of the items of the list at `path`; none if there is no list. */
export function itemsAt(spec: SpecText, path: Path): readonly Path[] {
  const value = valueAt(spec, path);
  return Array.isArray(value) ? value.map((_, index) => [...path, String(index)]) : [];
}

/** The numbers of the list at `path` with their paths; none if there is no list. */
export function numbersAt(
  spec: SpecText,
  path: Path,
): readonly { readonly number: number; readonly path: Path }[] {
  const value = valueAt(spec, path);
  if (!Array.isArray(value)) return [];
  return value.flatMap((number: unknown, index) =>
    Number.isSafeInteger(number)
      ? [{ number: Number(number), path: [...path, String(index)] }]
      : [],
  );
}

/** The whole number at `path`, or `null` if there is none. */
export function integerAt(spec: SpecText, path: Path): number | null {
  const value = valueAt(spec, path);
  return Number.isSafeInteger(value) ? Number(value) : null;
}

/** Whether a map stands at `path`. */
export function isMapAt(spec: SpecText, path: Path): boolean {
  return isMap(valueAt(spec, path));
}

/** What stands at `path`, whatever it is; `undefined` for nothing. */
export function valueAt(spec: SpecText, path: Path): unknown {
  return path.reduce<unknown>((value, key) => Reflect.get(Object(value), key), spec.value);
}

/** Whether something is what YAML calls a map. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
