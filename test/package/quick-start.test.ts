import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Block, section } from "../support/documents.js";
import { STRICT } from "./strict.js";
import { Project, Workshop } from "./workshop.js";

/** Does what a block says; a command that is shown with its output has to say just that. */
function follow(project: Project, { language, file, text }: Block, tarball: string): void {
  if (language === "sh") {
    // The package is not published from here.
    project.must("bash", [
      "-ec",
      text.replaceAll(/(?<=^npm install )lock-catalogue\b/gmu, tarball),
    ]);
  } else if (language === "console") {
    const [, command = "", output] = /^\$ (.*)\n([\s\S]*)$/u.exec(text) ?? [];
    expect(project.must("bash", ["-ec", command])).toBe(output);
  } else if (file !== null) project.write(file, text);
  else throw new Error(`who reads the README does not know where this goes:\n${text}`);
}

describe("the quick start of the README", () => {
  const workshop = new Workshop();
  const blocks = section("README.md", "Quick start");
  const read = (project: Project, file: string) =>
    readFileSync(join(project.directory, file), "utf8");

  it("works as it stands, in its order, in an empty folder", () => {
    const project = new Project(join(workshop.directory, "quick-start"));
    const files = blocks.map(({ file, language }) => file ?? language);
    expect(files).toEqual(["sh", "locks.yaml", "tsconfig.json", "sh", "src/main.ts", "console"]);
    for (const block of blocks) follow(project, block, workshop.tarball);
    expect(existsSync(join(project.directory, "spooler.lock"))).toBe(true);

    // What it says besides.
    const { output } = project.run("npx", ["--no-install", "vitest", "run"], { NO_COLOR: "1" });
    expect(output).toMatch(/Tests {2}1 passed/u);
    expect(project.run("npx", ["--no-install", "lock-catalogue", "check"])).toMatchObject({
      status: 0,
    });

    // The compiler finds nothing either if it is as strict as it can be.
    const { compilerOptions, ...config } = JSON.parse(read(project, "tsconfig.json"));
    expect(compilerOptions).toMatchObject({ strict: true });
    const options = { ...compilerOptions, ...STRICT };
    project.write("tsconfig.json", JSON.stringify({ ...config, compilerOptions: options }));
    expect(project.run("npx", ["--no-install", "tsc"])).toEqual({ status: 0, output: "" });
  });
});
