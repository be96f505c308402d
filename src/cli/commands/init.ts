import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { codeOf } from "../../errors.js";
import { visible } from "../../text.js";
import { CannotRun, EXIT, requireDirectory } from "../exit.js";

/** Declares `init`, which writes a first spec. */
export function addInitCommand(program: Command): void {
  program
    .command("init")
    .summary("write a first spec, to start from")
    .description(
      "Writes a spec with two locks and comments, which generates as it is. Never overwrites a file.",
    )
    .argument("[spec]", "the spec", "locks.yaml")
    .addHelpText("after", HELP)
    .action((spec: string) => {
      const directory = dirname(resolve(spec));
      const output = outputIn(directory);
      writeNew(spec, textOf(schemaFor(directory), output, settingsFor(directory)));
      process.stdout.write(nextSteps(spec, output));
    });
}

/** @throws CannotRun if the file is there. */
function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    const shown = visible(file);
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
      throw new CannotRun(
        `${shown} is a directory: name the file, such as ${shown.replace(/\/*$/u, "/locks.yaml")}`,
      );
    }
    if (codeOf(error) === "ENOENT") requireDirectory(dirname(file));
    if (codeOf(error) !== "EEXIST") throw error;
    throw new CannotRun(`${shown} is there already, and is left as it is: name another file`);
  }
}

/** A folder of its own, beside the project's other code. */
function outputIn(directory: string): string {
  return existsSync(join(directory, "src")) ? "src/locks" : "locks";
}

/** What is known of the project that a spec is for. */
interface Project {
  /** Whether package.json says that `.js` files are ES modules. */
  readonly hasModules: boolean;
  /** The packages that it depends on in any way. */
  readonly packages: ReadonlySet<string>;
  /** The compiler's options; `null` if it has no compiler. */
  readonly compiler: string | null;
}

/** The keys that fit the output to the project; none where the defaults do, or where there is no package.json. */
function settingsFor(directory: string): string[] {
  const project = projectAt(directory);
  if (project === null) return [];
  const { hasModules, packages, compiler } = project;
  const settings: string[] = [];
  if (compiler === null) {
    settings.push("language: javascript # as there is no TypeScript in package.json");
    if (!hasModules) settings.push("imports: .mjs # ES modules in a package of CommonJS modules");
  } else if (RUNS_TYPESCRIPT.test(compiler)) {
    settings.push("imports: .ts # as the compiler's options allow");
  }
  const runner = ["vitest", "jest"].find((name) => packages.has(name));
  const hasNode = compiler === null || packages.has("@types/node");
  if (runner !== "vitest") {
    settings.push(`tests: { runner: ${runner ?? (hasNode ? "node" : "none")} }`);
  }
  return settings;
}

const RUNS_TYPESCRIPT =
  /"(?:allowImportingTsExtensions|rewriteRelativeImportExtensions)"\s*:\s*true/u;

/** The package that a directory is in. */
function projectAt(directory: string): Project | null {
  for (let above = directory; ; above = dirname(above)) {
    const manifest = read(join(above, "package.json"));
    if (manifest !== null) {
      const { type, ...fields } = parsed(manifest);
      const kinds = ["dependencies", "devDependencies", "peerDependencies"];
      const packages = new Set(kinds.flatMap((kind) => Object.keys(Object(fields[kind]))));
      const options = read(join(above, "tsconfig.json")) ?? read(join(directory, "tsconfig.json"));
      const compiler = options ?? (packages.has("typescript") ? "" : null);
      return { hasModules: type === "module", packages, compiler };
    }
    if (above === dirname(above)) return null;
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

/** The fields of a package.json; none of a faulty one, of which others will complain. */
function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Where an editor finds the JSON Schema: in the installed package, seen from the spec, or else on the web. */
function schemaFor(directory: string): string {
  for (let above = directory; ; above = dirname(above)) {
    const file = join(above, "node_modules/lock-catalogue/codegen/locks.schema.json");
    if (existsSync(file)) return relative(directory, file).replace(/^(?!\.\.)/u, "./");
    if (above === dirname(above)) return SCHEMA;
  }
}

const SOURCES = "lock-catalogue/lock-catalogue";
const SCHEMA = `https://raw.githubusercontent.com/${SOURCES}/main/codegen/locks.schema.json`;

function textOf(schema: string, output: string, settings: readonly string[]): string {
  return `# yaml-language-server: $schema=${schema}

# The lock files that the programs of this project agree on. After a change: npx lock-catalogue generate
# What every key means: https://github.com/${SOURCES}/blob/main/docs/spec.md

# The name of the catalogue in the code, and the folder of the generated classes, which is theirs alone.
catalogue: locks
output: ${output}
${settings.map((line) => `${line}\n`).join("")}
locks:
  # In code: await new DeployLock("/run/lock").withLock(async () => { … });
  # From a shell: npx lock-catalogue run DeployLock --directory /run/lock -- ./deploy.sh
  DeployLock:
    template: deploy.lock
    description: Protects the deployment from running twice at a time.

  # A file for each customer: new CustomerExportLock("/run/lock", "acme") is /run/lock/export-acme.lock.
  CustomerExportLock:
    template: export-{customer}.lock
    description: Protects the export of a customer from a second one of the same customer.
    wait: true # wait for a busy lock; without this line, a busy lock is an error at once

parameters:
  customer:
    description: Short name of the customer.
    pattern: "[a-z][a-z0-9-]*" # a regular expression that the whole value matches
    examples: [acme, north-wind]
`;
}

function nextSteps(spec: string, output: string): string {
  const isOwn = resolve(spec) === resolve("locks.yaml");
  const shown = visible(spec);
  const classes = visible(join(dirname(spec), output));
  return `Wrote ${shown}, with two locks: replace them with your own.

Then:
  npx lock-catalogue generate${isOwn ? "" : ` ${shown}`}
      writes a class for each lock into ${classes}
  npx lock-catalogue run DeployLock${isOwn ? "" : ` --catalogue ${shown}`} --directory . -- echo deployed
      takes a lock from the shell; ls, who, path and sweep know ${basename(shown)} as well
`;
}

const HELP = `
Example:
  $ npx lock-catalogue init && npx lock-catalogue generate

Exit codes:
  ${EXIT.fine}  written
  ${EXIT.couldNotRun}  could not run: the file is there already, not writable, wrong usage`;
