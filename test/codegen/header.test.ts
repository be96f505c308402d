import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  codeHeader,
  generatedFrom,
  testsNote,
  testsNoted,
  textHeader,
} from "../../codegen/emit/header.js";
import { check, generate } from "../../codegen/index.js";
import { readFiles, temporaryDirectory, writeFiles } from "../support/directory.js";
import { project, SPEC } from "./project.js";

const SEED = 20_260_102;

const fileName = fc
  .oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 20 }),
    fc
      .array(
        fc.constantFrom(
          ..."a - -- --> --!> \n \r \u2028 \u2029 \u0085 ` \" \\ ' > * // é".split(" "),
        ),
        { minLength: 1, maxLength: 6 },
      )
      .map((parts) => parts.join("")),
    fc.constantFrom(
      "a by `lock-catalogue generate`.",
      "a by `lock-catalogue generate`. Do not edit: change b",
      '"quoted"',
    ),
  )
  .filter((name) => !/[/\0]/u.test(name));

test("a header stays a comment and says the file name of the spec, whatever that is", () => {
  fc.assert(
    fc.property(fileName, fc.constantFrom("\n", "\r\n"), (name, lineBreak) => {
      const code = codeHeader(name);
      expect(code.split(/\n|\r|\u2028|\u2029/u).map((line) => line.slice(0, 3))).toEqual([
        "// ",
        "// ",
      ]);
      const text = textHeader(name);
      expect(text).toMatch(/^<!-- (?:(?!--!?>).)* -->$/u);
      for (const header of [code, text]) {
        const file = `${header.replaceAll("\n", lineBreak)}${lineBreak}`;
        expect(generatedFrom(file)).toBe(name);
        expect(generatedFrom(`\u{feff}${file}`)).toBe(name);
        expect(generatedFrom(`// Copyright${lineBreak}${lineBreak}${file}`)).toBe(name);
      }
    }),
    { seed: SEED, numRuns: 2_000 },
  );
});

test("a header for JavaScript is not taken for one that a compiler kept of TypeScript", () => {
  const header = codeHeader("../locks.yaml", "javascript");
  expect(generatedFrom(header, "javascript")).toBe("../locks.yaml");
  expect(generatedFrom(header)).toBe(null);
  expect(generatedFrom(codeHeader("../locks.yaml"), "javascript")).toBe(null);
});

test("the line that says where tests are stays a comment, and says it whatever their name is", () => {
  fc.assert(
    fc.property(fileName, fc.constantFrom("\n", "\r\n"), (name, lineBreak) => {
      const note = testsNote(`../${name}`);
      expect(note).toMatch(/^<!-- (?:(?!--!?>).)* -->$/u);
      const file = [textHeader("../locks.yaml"), note, "# Title", ""].join(lineBreak);
      expect(testsNoted(file)).toBe(`../${name}`);
    }),
    { seed: SEED, numRuns: 2_000 },
  );
  expect(testsNoted(`${textHeader("../locks.yaml")}\n# Title\n`)).toBe(null);
});

test("the command in the header can be pasted into a shell", () => {
  const command = (name: string) => /run `(.*)` in its folder\.$/u.exec(codeHeader(name))?.[1];
  expect(command("locks.yaml")).toBe("npx lock-catalogue generate");
  expect(command("other.yaml")).toBe("npx lock-catalogue generate other.yaml");
  expect(command("-f.yaml")).toBe("npx lock-catalogue generate ./-f.yaml");
  expect(command("it's mine.yaml")).toBe("npx lock-catalogue generate 'it'\\''s mine.yaml'");
});

test.each(["a\u2028b.yaml", "a-->b.yaml", "a\u00a0`b.yaml", "*.yaml"])(
  "what comes from the spec %j is fresh, and orphaned when its kind goes",
  (name) => {
    const cwd = temporaryDirectory();
    writeFiles(cwd, [[name, SPEC]]);
    generate({ cwd, spec: name });
    const states = () => check({ cwd, spec: name }).files.map((file) => file.state);
    expect(states()).toEqual(["fresh", "fresh", "fresh", "fresh", "fresh"]);
    writeFiles(cwd, [[name, SPEC.replaceAll("BetaLock", "BetterLock")]]);
    expect(states()).toContain("orphaned");
  },
);

test.each([
  "// Copyright 2026 Example\n",
  "/* eslint-disable */\n\n",
  'import "./polyfill.js";\n',
  "#!/usr/bin/env node\r\n",
  "\n",
])(
  "a generated file with %j above its header is stale, and an orphan like that is seen",
  (above) => {
    const { cwd, out } = project();
    const before = readFiles(out);
    for (const [name, text] of before) writeFiles(out, [[name, above + text]]);
    const changed = SPEC.replaceAll("BetaLock", "BetterLock");
    writeFiles(cwd, [["locks.yaml", changed]]);
    expect(
      new Map(check({ cwd }).files.map((file) => [path.basename(file.path), file.state])),
    ).toEqual(
      new Map([
        ["AlphaLock.ts", "stale"],
        ["BetaLock.ts", "orphaned"],
        ["BetterLock.ts", "missing"],
        ["LOCKS.md", "stale"],
        ["index.ts", "stale"],
        ["round-trip.test.ts", "stale"],
      ]),
    );
    writeFiles(cwd, [["locks.yaml", SPEC]]);
    generate({ cwd });
    expect(readFiles(out)).toEqual(before);
  },
);

test("a file that only quotes a header below its top is nobody's", () => {
  const { cwd, out } = project();
  const quoting = `export const header = \`\n${codeHeader("locks.yaml").split("\n")[0]}\n\`;\n`;
  writeFiles(out, [["Helper.ts", quoting]]);
  generate({ cwd });
  expect(readFiles(out).get("Helper.ts")).toBe(quoting);
});

test("a banner is above the header of every TypeScript file, and no edit", () => {
  const banner = "banner: |\n  // Copyright\n\n  /* eslint-disable */\n";
  const { cwd, out } = project(banner + SPEC);
  for (const [name, text] of readFiles(out)) {
    const above = name.endsWith(".ts") ? "// Copyright\n\n/* eslint-disable */\n" : "";
    const header = name.endsWith(".ts") ? codeHeader("../locks.yaml") : textHeader("../locks.yaml");
    expect(text.startsWith(`${above}${header}\n`), name).toBe(true);
  }
  expect(new Set(check({ cwd }).files.map(({ state }) => state))).toEqual(new Set(["fresh"]));
  writeFiles(cwd, [["locks.yaml", SPEC]]);
  expect(new Set(check({ cwd }).files.map(({ state }) => state))).toEqual(
    new Set(["stale", "fresh"]),
  );
});

test.each([
  [
    "import x;",
    'a banner has to consist of comments: begin each line with "//", or put it between "/*" and "*/"',
  ],
  ["/* open", "a banner has to consist of comments"],
  ["/* a */ b()", "a banner has to consist of comments"],
  ["// a\n b", "a banner has to consist of comments"],
  ["  ", "a banner needs some text"],
  ["// \u2028 x", "a banner cannot hold the line separator U+2028"],
  [codeHeader("other.yaml"), "a banner cannot hold the header of a generated file"],
])("the banner %j is refused", (banner, message) => {
  const { cwd, out } = project();
  const before = readFiles(out);
  writeFiles(cwd, [["locks.yaml", `banner: ${JSON.stringify(banner)}\n${SPEC}`]]);
  const { report } = generate({ cwd });
  expect(report).toContain(`locks.yaml:1:9: ${message}`);
  expect(readFiles(out)).toEqual(before);
});
