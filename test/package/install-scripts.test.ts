import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../support/root.js";
import { installed, MANAGERS, NPM_11, projectFor } from "./managers.js";
import { TAKE, TAKEN, TAKEN_SLOWLY } from "./take.js";
import { Workshop } from "./workshop.js";

/** What docs/installing.md tells the users of each package manager: where to declare what. */
const [chapter = ""] =
  /^## Install scripts\n.*?(?=^#)/ms.exec(readFileSync(join(ROOT, "docs/installing.md"), "utf8")) ??
  [];
const ROW = /^\| (?<name>\w+) .*\| `(?<file>[\w.-]+)` +\| `(?<declaration>[^`]+)` +\|/gm;
const ROWS = [...chapter.matchAll(ROW)].map(({ groups }) => groups ?? {});

// One of them comes with a Node.js for this machine.
const here = process.platform === "linux" && process.arch === "x64";
const workshop = new Workshop();

describe.skipIf(!here).each(MANAGERS)("$name, as the documents say,", (manager) => {
  let env: NodeJS.ProcessEnv;
  beforeAll(() => {
    env = installed(manager, workshop);
  });
  const { file = "", declaration = "" } =
    ROWS.find(({ name }) => manager.name.startsWith(`${name} `)) ?? {};

  /** A project of this manager, with the program in it. */
  const start = (name: string) => {
    const project = projectFor(manager, name, workshop);
    for (const [module, source] of Object.entries(TAKE)) project.write(module, source);
    const run = ([program = "", ...args]: readonly string[]) => project.run(program, args, env);
    const take = () => run([...manager.node, "take.mjs"]);
    const declare = () => {
      expect(declaration).toContain("fs-ext");
      if (file === "package.json") project.declare(JSON.parse(`{${declaration}}`));
      else project.write(file, `${declaration}\n`);
    };
    return { run, take, declare };
  };

  it("does not compile fs-ext by itself; what the documents and the warning say makes it fast", () => {
    const { run, take, declare } = start("blocked");
    run(manager.add(workshop.tarball)); // Its status is 0 or 1, depending on the manager.
    const { output } = take();
    expect(output).toMatch(TAKEN_SLOWLY);
    const rebuild = `\`${manager.rebuild.join(" ")}\``;
    expect(output).toContain(rebuild);
    expect(chapter).toContain(rebuild);

    if (manager.approve === null) declare();
    else {
      expect(chapter).toContain(`\`${manager.approve.join(" ")}\``);
      expect(run(manager.approve)).toMatchObject({ status: 0 });
    }
    expect(run(manager.rebuild)).toMatchObject({ status: 0 });
    expect(take()).toEqual({ status: 0, output: TAKEN });
  });

  it("compiles it when it is installed where the project declares it", () => {
    const { run, take, declare } = start("declared");
    declare();
    expect(run(manager.add(workshop.tarball))).toMatchObject({ status: 0 });
    expect(take()).toEqual({ status: 0, output: TAKEN });
  });
});

describe("npm 11", () => {
  it("compiles fs-ext where the project declares nothing, and warns", () => {
    const env = installed(NPM_11, workshop);
    const project = projectFor(NPM_11, "warned", workshop);
    for (const [module, source] of Object.entries(TAKE)) project.write(module, source);
    const add = ["-c", `${NPM_11.add(workshop.tarball).join(" ")} 2>&1`];
    expect(project.run("sh", add, env)).toMatchObject({
      status: 0,
      output: expect.stringMatching(/fs-ext.*npm install-scripts approve/s),
    });
    expect(project.run("node", ["take.mjs"], env)).toEqual({ status: 0, output: TAKEN });
  });
});
