// Each entry point with what it shares with others, in a few files instead of a hundred: Node.js finds, reads and links
// them in a third of the time. Types come from tsc, and so do the plain files that `npm run generate` runs.
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "rolldown";
import manifest from "./package.json" with { type: "json" };

const ROOT = fileURLToPath(new URL(".", import.meta.url));

const GENERATED = "generated/index";
const IMPORTED = ["src/index", "src/testing", "src/postgres/index", "codegen/index"];
const STARTED = [
  "src/cli/main",
  "codegen/breaking/index",
  "codegen/explain/index",
  "codegen/in-memory",
  "codegen/spec/write-json-schema",
];

/** What the generator takes from `src`, which must not bring the runtime, and with it fs-ext, along. */
const OF_BOTH = /\/src\/(?:errors|name|text)\.ts$/;

/** Has state, such as the locks of this thread, which a program and the command's own code must see as one. */
const RUNTIME = /\/src\/(?!cli\/|postgres\/|testing\.ts|index\.ts)/;

/**
 * Packages in CommonJS. They are required: before Node.js imports one, it reads every file of it for the names that it
 * exports, 9 MB of TypeScript among them, and that was a sixth of `check`.
 */
const COMMON_JS = /^(?:commander|fastest-levenshtein|refa|ts-morph|yaml)$/;
const PREFIX = "\0required/";
const requireCommonJs = {
  name: "require-commonjs",
  resolveId: { filter: { id: COMMON_JS }, handler: (name) => PREFIX + name },
  load(id) {
    if (!id.startsWith(PREFIX)) return null;
    const name = id.slice(PREFIX.length);
    const names = Object.keys(createRequire(import.meta.url)(name));
    return [
      'import { createRequire } from "node:module";',
      `const required = createRequire(import.meta.url)("${name}");`,
      ...names.map((each) => `export const ${each} = required.${each};`),
    ].join("\n");
  },
};

/**
 * Takes the modules of Node.js as they are. An `import` of one makes another module with each of its exports first, and
 * to look at those of `node:fs` loads streams: 2 ms of 10 for the runtime. What is not ASCII is escaped, as V8
 * takes longer to read a file of wider characters.
 *
 * Not `node:module`: a test runner that gives each file a global scope of its own (vitest with vmThreads) makes another
 * of it, which requires packages into that scope.
 */
const readFast = {
  name: "read-fast",
  // Line by line, so that the source maps stay right.
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== "chunk") continue;
      const taken = chunk.code.replace(
        /^import \{ (.+) \} from ("node:(?!module").+");$/gm,
        (_, names, module) =>
          `const { ${names.replaceAll(" as ", ": ")} } = process.getBuiltinModule(${module});`,
      );
      chunk.code = taken.replace(
        /[^\0-\x7f]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
      );
    }
  },
};

/** What an install brings, and Node.js. */
const { dependencies, optionalDependencies, peerDependencies } = manifest;
const PACKAGES = [
  /^node:/,
  ...Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }).filter(
    (name) => !COMMON_JS.test(name),
  ),
];

/** Removes the declarations that no entry point leads to: those of the files that became parts of others. */
const pruneDeclarations = {
  name: "prune-declarations",
  writeBundle({ dir }) {
    const seen = new Set(
      [...IMPORTED, GENERATED].map((name) => join(dir, `${name}.d.ts`)).filter(existsSync),
    );
    for (const file of seen) {
      const text = readFileSync(file, "utf8");
      for (const [, name] of text.matchAll(/\b(?:from|import|import\()\s*"(\.[^"]+)\.js"/g)) {
        seen.add(join(dirname(file), `${name}.d.ts`));
      }
    }
    for (const name of readdirSync(dir, { recursive: true })) {
      const file = join(dir, name);
      if (file.endsWith(".d.ts") && !seen.has(file)) rmSync(file);
    }
  },
};

const output = {
  dir: "dist",
  entryFileNames: "[name].js",
  sourcemap: true,
  // The maps lead to them, and the types have those of what is public.
  comments: false,
};

const input = {
  platform: "node",
  onLog(level, { message }) {
    if (level === "warn") throw new Error(message);
  },
  // The language of tsconfig.json: `using` is none of Node.js 20.
  transform: { target: "es2022" },
  resolve: { extensionAlias: { ".js": [".ts"] } },
  plugins: [requireCommonJs, readFast],
  treeshake: { propertyReadSideEffects: false },
};

export default defineConfig([
  {
    ...input,
    input: filesOf([...IMPORTED, ...STARTED]),
    external: PACKAGES,
    output: {
      ...output,
      chunkFileNames: "chunks/[name].js",
      codeSplitting: {
        groups: [
          { name: "names", test: OF_BOTH, priority: 2 },
          { name: "runtime", test: RUNTIME, priority: 1 },
        ],
      },
    },
  },
  {
    ...input,
    input: filesOf([GENERATED]),
    plugins: [readFast, pruneDeclarations],
    external: [...PACKAGES, /\/src\//],
    makeAbsoluteExternalsRelative: false,
    output,
  },
]);

function filesOf(names) {
  return Object.fromEntries(names.map((name) => [name, `${ROOT}${name}.ts`]));
}
