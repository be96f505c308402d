import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cli, MAIN, Running } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { ROOT } from "../support/root.js";
import { TYPED_CATALOGUE } from "../support/typed-catalogue.js";

const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

function has(program: string): boolean {
  return spawnSync(program, ["--version"]).status === 0;
}

describe("lock-catalogue", () => {
  it.each(["--version", "-V"])("%s prints the version of the package", async (flag) => {
    expect(await cli(flag)).toEqual({ code: 0, out: `${version}\n`, err: "" });
  });

  it.each([
    ["ls"],
    ["run", "GlobalCronLock", "--", "true"],
    ["lss"],
    ["run", "GlobalCronLock", "--tiemout", "1s"],
    ["who", "/nowhere/x.lock"],
  ])("begins each complaint with its name: %s", async (...args) => {
    const { code, out, err } = await cli(...args);
    expect({ code, out }).toEqual({ code: args[0] === "run" ? 125 : 2, out: "" });
    expect(err).toMatch(/^lock-catalogue: /);
  });

  it("shows the help of a kind for `help run <Kind>`", async () => {
    const help = await cli("help", "run", "ServerBackupLock");
    expect(help).toEqual(await cli("run", "ServerBackupLock", "--help"));
    expect(help.out).toContain("--server-name <value>");
  });
});

describe("the manual page", () => {
  it("has the help of every command, for man(1) to format without a complaint", async () => {
    const { code, out, err } = await cli("man");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const page = join(temporaryDirectory(), "lock-catalogue.1");
    writeFileSync(page, out);
    const formatted = await new Running("man", ["-l", page], {
      env: { MANWIDTH: "100", MANROFFOPT: "-ww", LC_ALL: "C.UTF-8" },
    }).end();
    expect({ code: formatted.code, err: formatted.err }).toEqual({ code: 0, err: "" });
    const words = (text: string) => text.replace(/\s+/g, " ");
    const text = words(formatted.out);
    const commands = (await cli("--help")).out.matchAll(/^ {2}(\w+) .*\w/gm);
    for (const [, command = ""] of commands) {
      if (command === "help") continue;
      // The page is of every catalogue, and lists the kinds of none.
      const help = (await cli(command, "--help")).out.replace(/\nKinds:\n.*?\n\n/s, "\n");
      expect(text, command).toContain(words(help).trim());
    }
  });
});

describe.each(["bash", "zsh", "fish"] as const)("completion in %s", (shell) => {
  it.skipIf(!has(shell)).each([
    ["a command", "lock-catalogue sw", ["sweep"]],
    ["a kind", "lock-catalogue run ServerB", [/^ServerBackupIdLock/, "ServerBackupLock", /Sync/]],
    ["a flag of a kind", "lock-catalogue run ServerCronLock --server", ["--server-name"]],
    ["a kind after another", "lock-catalogue run ServerCronLock + GlobalC", ["GlobalCronLock"]],
    [
      "a flag of a kind after another",
      "lock-catalogue run ServerCronLock --server-name x + ServerXLOGDBLock --server",
      ["--server-name"],
    ],
    ["a choice", "lock-catalogue breaking --format g", ["github"]],
    ["a value of a list", "lock-catalogue run --catalogue ./jobs.mjs JobLock --job a", ["archive"]],
    ["an argument with choices", "lock-catalogue completion z", ["zsh"]],
    ["a file", "lock-catalogue who some-fi", ["some-file.lock"]],
  ])("knows %s", async (_, line, expected) => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, "some-file.lock"), "");
    writeFileSync(join(cwd, "jobs.mjs"), TYPED_CATALOGUE);
    mkdirSync(join(cwd, "bin"));
    const command = `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`;
    writeFileSync(join(cwd, "bin", "lock-catalogue"), command, { mode: 0o755 });
    writeFileSync(join(cwd, "script"), (await cli("completion", shell)).out);
    const env = { PATH: `${join(cwd, "bin")}:${process.env["PATH"]}`, HOME: cwd, LINE: line };
    const [program, ...args] = COMPLETE[shell];
    const running = new Running(program, args, { cwd, env });
    const { out, err } = await running.end();
    expect(err).toBe("");
    const candidates = out
      .split("\n")
      .map((word) => word.trim())
      .filter((word) => word !== "");
    expect([...new Set(candidates)].sort()).toEqual(
      expected.map((one) => (typeof one === "string" ? one : expect.stringMatching(one))),
    );
  });
});

/** Prints what the shell offers after `$LINE`, one a line. */
const COMPLETE: Readonly<Record<"bash" | "zsh" | "fish", readonly [string, ...string[]]>> = {
  bash: [
    "bash",
    "-c",
    `source ./script
     COMP_WORDS=($LINE) COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
     _lock_catalogue
     # What readline does if a function has no answer: -o default.
     [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
     printf '%s\\n' "\${COMPREPLY[@]}"`,
  ],
  zsh: [
    "zsh",
    "-fc",
    `compdef() { }
     compadd() { shift; print -l -- "$@" }
     _files() { print -l -- "\${words[CURRENT]}"*(N) }
     source ./script
     words=(\${=LINE}) CURRENT=\${#words}
     _lock_catalogue`,
  ],
  fish: ["fish", "--no-config", "-c", "source ./script; complete --do-complete $LINE"],
};
