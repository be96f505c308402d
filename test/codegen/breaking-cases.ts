/** A change to a catalogue, and what breaks: `line:column rule kinds` and the witness, in order. */
export interface BreakingCase {
  readonly name: string;
  /** What is put in place of what, in {@link OLD}, to make the new spec. */
  readonly change: readonly (readonly [what: string, by: string])[];
  /** The same for the old spec. */
  readonly before?: readonly (readonly [what: string, by: string])[];
  readonly findings: readonly {
    readonly at: string;
    readonly witness: readonly [name: string, old: string, now: string] | null;
  }[];
}

export const OLD = `catalogue: sample
output: out
parameters:
  server:
    description: A server.
    pattern: "[^/]+"
    examples: [main, pg-main]
  id:
    pattern: "[^-]+"
    examples: [x1]
locks:
  GlobalLock:
    template: .global.lock
    description: Protects all.
  BackupLock:
    template: .{server}-backup.lock
    description: Protects a backup.
    wait: true
  IdLock:
    template: .{server}-{id}.lock
    description: Protects an id.
`;

const NIGHTLY = `
  NightlyLock:
    template: .nightly-backup.lock
    description: Protects the night.
  GlobalLock:`;

const COPY = `
    wait: true
  CopyLock:
    template: .{server}-backup.lock
    description: Protects a copy.
    readable: false`;

/** With a server of one letter, it fills up the 255 bytes of a name. */
const LONGEST_ID = "a".repeat(247);

export const BREAKING_CASES: readonly BreakingCase[] = [
  { name: "nothing at all", change: [], findings: [] },
  {
    name: "another language, other imports, and tests elsewhere: the locks are the same",
    change: [
      [
        "output: out\n",
        "output: src\nlanguage: javascript\nimports: .mjs\ntests: { file: test/x.test.mjs, runner: jest }\n",
      ],
    ],
    findings: [],
  },
  {
    name: "descriptions, examples, output, runtime, deprecation and the order of the YAML",
    change: [
      ["description: A server.", "description: A host."],
      ["[main, pg-main]", "[other]"],
      ["output: out", "output: elsewhere\nruntime: ../runtime.js"],
      ["description: Protects a backup.", "description: New.\n    deprecated: Do not."],
      ["  GlobalLock:\n    template: .global.lock\n    description: Protects all.\n", ""],
      [
        "description: Protects an id.\n",
        "description: Protects an id.\n  GlobalLock:\n    template: .global.lock\n    description: Protects all.\n",
      ],
    ],
    findings: [],
  },
  {
    name: "a pattern that is written otherwise and matches the same",
    change: [
      ['"[^-]+"', '"[^\\\\-](?:[^-]{1,})?"'],
      ['    pattern: "[^/]+"\n', ""],
    ],
    findings: [],
  },
  {
    name: "a pattern that differs only in values that no file name has room for",
    change: [['"[^-]+"', '"[^-]{1,247}"']],
    findings: [],
  },
  {
    name: "a pattern that leaves out the longest value that a name has room for",
    change: [['"[^-]+"', '"[^-]{1,246}"']],
    findings: [
      {
        at: "9:14 pattern-narrowed IdLock",
        witness: [
          `.a-${LONGEST_ID}.lock`,
          `locks it as IdLock with server = "a", id = "${LONGEST_ID}"`,
          `refuses id = "${LONGEST_ID}", and knows no lock of this name`,
        ],
      },
    ],
  },
  {
    name: "a template that is written otherwise and means the same",
    before: [[".global.lock", "'.global.lock'"]],
    change: [[".global.lock", '".\\u0067lobal.lock"']],
    findings: [],
  },
  {
    name: "an order that is declared where there was none",
    change: [
      ["description: Protects all.\n", "description: Protects all.\n    before: [BackupLock]\n"],
    ],
    findings: [
      {
        at: "15:14 lock-order-changed GlobalLock, BackupLock",
        witness: [
          ".global.lock",
          'takes it before or after ".main-backup.lock"',
          'takes it before ".main-backup.lock", so that each of the two may wait for the other',
        ],
      },
    ],
  },
  {
    name: "an order that is no longer declared",
    before: [
      ["description: Protects all.\n", "description: Protects all.\n    before: [BackupLock]\n"],
    ],
    change: [],
    findings: [
      {
        at: "12:3 lock-order-changed GlobalLock, BackupLock",
        witness: [
          ".global.lock",
          'takes it before ".main-backup.lock"',
          'takes it before or after ".main-backup.lock", so that each of the two may wait for the other',
        ],
      },
    ],
  },
  {
    name: "an order that is declared the other way round",
    before: [
      ["description: Protects all.\n", "description: Protects all.\n    before: [BackupLock]\n"],
    ],
    change: [["    wait: true\n", "    wait: true\n    before: GlobalLock\n"]],
    findings: [
      {
        at: "15:3 lock-order-changed BackupLock, IdLock",
        witness: [
          ".main-backup.lock",
          'takes it after ".main-x1.lock"',
          'takes it before ".main-x1.lock", so that each of the two may wait for the other',
        ],
      },
      {
        at: "19:13 lock-order-changed BackupLock, GlobalLock",
        witness: [
          ".main-backup.lock",
          'takes it after ".global.lock"',
          'takes it before ".global.lock", so that each of the two may wait for the other',
        ],
      },
    ],
  },
  {
    name: "an order that says again what follows from it",
    before: [
      ["description: Protects all.\n", "description: Protects all.\n    before: [BackupLock]\n"],
      ["    wait: true\n", "    wait: true\n    before: IdLock\n"],
    ],
    change: [
      [
        "description: Protects all.\n",
        "description: Protects all.\n    before: [IdLock, BackupLock]\n",
      ],
      ["    wait: true\n", "    wait: true\n    before: [IdLock]\n"],
    ],
    findings: [],
  },
  {
    name: "readers that may no longer share a lock",
    before: [["description: Protects all.\n", "description: Protects all.\n    shared: true\n"]],
    change: [["description: Protects all.\n", "description: Protects all.\n    shared: false\n"]],
    findings: [
      {
        at: "12:3 shared-removed GlobalLock",
        witness: [
          ".global.lock",
          "may hold it together with others that only read",
          "holds it alone: readers of the old program wait for it, and it for them",
        ],
      },
    ],
  },
  {
    name: "readers that may share a lock now, and never with an old program",
    change: [["description: Protects all.\n", "description: Protects all.\n    shared: true\n"]],
    findings: [],
  },
  {
    name: "the catalogue's name",
    change: [["catalogue: sample", "catalogue: other"]],
    findings: [{ at: "1:12 catalogue-renamed ", witness: null }],
  },
  {
    name: "a kind that is gone",
    change: [
      [
        "  BackupLock:\n    template: .{server}-backup.lock\n    description: Protects a backup.\n    wait: true\n",
        "",
      ],
    ],
    findings: [
      {
        at: "11:1 kind-removed BackupLock",
        witness: [
          ".main-backup.lock",
          'reads it as BackupLock with server = "main"',
          'reads it as IdLock with server = "main", id = "backup"',
        ],
      },
    ],
  },
  {
    name: "a kind under another name",
    change: [["BackupLock:", "CopyLock:"]],
    findings: [
      {
        at: "15:3 kind-renamed CopyLock",
        witness: [".main-backup.lock", "calls it BackupLock", "calls it CopyLock"],
      },
    ],
  },
  {
    name: "a kind and its parameter under other names",
    change: [
      ["GlobalLock:", "AllLock:"],
      ["  id:", "  key:"],
      ["IdLock:", "KeyLock:"],
      ["{id}", "{key}"],
    ],
    findings: [
      {
        at: "8:3 parameter-renamed KeyLock",
        witness: [".main-x1.lock", 'reads id = "x1" in it', 'reads key = "x1" in it'],
      },
      {
        at: "12:3 kind-renamed AllLock",
        witness: [".global.lock", "calls it GlobalLock", "calls it AllLock"],
      },
      {
        at: "19:3 kind-renamed KeyLock",
        witness: [".main-x1.lock", "calls it IdLock", "calls it KeyLock"],
      },
    ],
  },
  {
    name: "another template",
    change: [["-backup.lock", "-copy.lock"]],
    findings: [
      {
        at: "16:15 template-changed BackupLock",
        witness: [
          ".main-backup.lock",
          'locks it as BackupLock with server = "main"',
          'locks ".main-copy.lock" with server = "main" and, for this one, reads it as IdLock with server = "main", id = "backup"',
        ],
      },
    ],
  },
  {
    name: "a template with one more parameter",
    change: [[".global.lock", ".global-{id}.pid"]],
    findings: [
      {
        at: "13:15 template-changed GlobalLock",
        witness: [
          ".global.lock",
          "reads it as GlobalLock",
          "knows no lock of this name: GlobalLock takes id",
        ],
      },
    ],
  },
  {
    name: "parameters that change places",
    before: [
      [".{server}-{id}.lock", ".{id}-{server}.lock"],
      ["-backup.lock", "-backup.pid"],
    ],
    change: [["-backup.lock", "-backup.pid"]],
    findings: [
      {
        at: "20:15 template-changed IdLock",
        witness: [
          ".x1-main.lock",
          'locks it as IdLock with id = "x1", server = "main"',
          'locks ".main-x1.lock" with id = "x1", server = "main" and, for this one, reads it as IdLock with server = "x1", id = "main"',
        ],
      },
      {
        at: "20:15 parameters-reordered IdLock",
        witness: [
          ".x1-main.lock",
          'locks it as IdLock with id = "x1", server = "main"',
          'locks ".x1-main.lock" with server = "x1", id = "main" for the same arguments',
        ],
      },
    ],
  },
  {
    name: "parameters that change places, where no example tells and each has a single letter",
    before: [
      ['"[^/]+"\n    examples: [main, pg-main]', '"[xy]"'],
      ['"[^-]+"\n    examples: [x1]', '"[xy]"'],
      [".{server}-{id}.lock", ".{id}-{server}.lock"],
    ],
    change: [
      ['"[^/]+"\n    examples: [main, pg-main]', '"[xy]"'],
      ['"[^-]+"\n    examples: [x1]', '"[xy]"'],
    ],
    findings: [
      {
        at: "18:15 template-changed IdLock",
        witness: [
          ".x-y.lock",
          'locks it as IdLock with id = "x", server = "y"',
          'locks ".y-x.lock" with id = "x", server = "y" and, for this one, reads it as IdLock with server = "x", id = "y"',
        ],
      },
      {
        at: "18:15 parameters-reordered IdLock",
        witness: [
          ".x-x.lock",
          'locks it as IdLock with id = "x", server = "x"',
          'locks ".x-x.lock" with server = "x", id = "x" for the same arguments',
        ],
      },
    ],
  },
  {
    name: "a wider pattern",
    before: [['"[^-]+"', '"[a-z0-9]+"']],
    change: [],
    findings: [
      {
        at: "9:14 pattern-widened IdLock",
        witness: [
          ".main-A.lock",
          'refuses id = "A", and knows no lock of this name',
          'locks it as IdLock with server = "main", id = "A"',
        ],
      },
    ],
  },
  {
    name: "a narrower pattern",
    change: [['"[^-]+"', '"[a-z]+[0-9]"']],
    findings: [
      {
        at: "9:14 pattern-narrowed IdLock",
        witness: [
          ".main-a.lock",
          'locks it as IdLock with server = "main", id = "a"',
          'refuses id = "a", and knows no lock of this name',
        ],
      },
    ],
  },
  {
    name: "a pattern with other values, told with an example that only the new program takes",
    before: [
      ["{server}-backup", "{id}-backup"],
      ['"[^-]+"\n    examples: [x1]', '"[ab]+"'],
    ],
    change: [
      ["{server}-backup", "{id}-backup"],
      ['"[^-]+"\n    examples: [x1]', '"[bc]+"'],
    ],
    findings: [
      {
        at: "9:14 pattern-changed BackupLock, IdLock",
        witness: [
          ".main-a.lock",
          'locks it as IdLock with server = "main", id = "a"',
          'refuses id = "a", and knows no lock of this name',
        ],
      },
    ],
  },
  {
    name: "defaults",
    change: [["    wait: true\n", "    raiseIfFail: false\n"]],
    findings: [
      {
        at: "15:3 default-wait-changed BackupLock",
        witness: [
          ".main-backup.lock",
          "waits until the holder releases it",
          "gives up at once while it is held",
        ],
      },
      {
        at: "15:3 default-raise-changed BackupLock",
        witness: [
          ".main-backup.lock",
          "throws if it cannot have it",
          "gets false if it cannot have it",
        ],
      },
    ],
  },
  {
    name: "values of a list instead of any text",
    change: [['pattern: "[^-]+"', "values: [x1, x2]"]],
    findings: [
      {
        at: "9:13 parameter-type-changed IdLock",
        witness: [
          ".main-x1.lock",
          'has id = "x1" in it as any text',
          'has id = "x1" in it as one of a list',
        ],
      },
      {
        at: "9:13 pattern-narrowed IdLock",
        witness: [
          ".main-a.lock",
          'locks it as IdLock with server = "main", id = "a"',
          'refuses id = "a", and knows no lock of this name',
        ],
      },
    ],
  },
  {
    name: "whole numbers instead of any text",
    before: [
      ["[x1]", "['12']"],
      ['"[^-]+"', '"[0-9]+"'],
    ],
    change: [
      ["[x1]", "[12]"],
      ['pattern: "[^-]+"', "type: integer\n    min: 10\n    max: 99"],
    ],
    findings: [
      {
        at: "9:11 parameter-type-changed IdLock",
        witness: [
          ".main-12.lock",
          'has id = "12" in it as any text',
          'has id = "12" in it as a number',
        ],
      },
      {
        at: "9:11 pattern-narrowed IdLock",
        witness: [
          ".main-0.lock",
          'locks it as IdLock with server = "main", id = "0"',
          'refuses id = "0", and knows no lock of this name',
        ],
      },
    ],
  },
  {
    name: "a number more",
    before: [
      ["    examples: [x1]\n", ""],
      ['pattern: "[^-]+"', "type: integer\n    min: 1\n    max: 9"],
    ],
    change: [
      ["    examples: [x1]\n", ""],
      ['pattern: "[^-]+"', "type: integer\n    min: 1\n    max: 10"],
    ],
    findings: [
      {
        at: "9:11 pattern-widened IdLock",
        witness: [
          ".main-10.lock",
          'refuses id = "10", and knows no lock of this name',
          'locks it as IdLock with server = "main", id = "10"',
        ],
      },
    ],
  },
  {
    name: "one value more in a list, and another order",
    before: [['pattern: "[^-]+"', "values: [x1, x2]"]],
    change: [['pattern: "[^-]+"', "values: [x2, x1, x3]"]],
    findings: [
      {
        at: "9:13 pattern-widened IdLock",
        witness: [
          ".main-x3.lock",
          'refuses id = "x3", and knows no lock of this name',
          'locks it as IdLock with server = "main", id = "x3"',
        ],
      },
    ],
  },
  {
    name: "the same values in another order",
    before: [['pattern: "[^-]+"', "values: [x1, x2]"]],
    change: [['pattern: "[^-]+"', "values: [x2, x1]"]],
    findings: [],
  },
  {
    name: "values by name, also where their order changes",
    change: [["Protects an id.\n", "Protects an id.\n    named: true\n"]],
    findings: [
      {
        at: "19:3 named-changed IdLock",
        witness: [
          ".main-x1.lock",
          'locks it as new IdLock(directory, "main", "x1")',
          'locks it as new IdLock(directory, { server: "main", id: "x1" })',
        ],
      },
    ],
  },
  {
    name: "a catalogue whose kinds all take values by name, and one that takes none",
    before: [["output: out", "output: out\nnamed: true"]],
    change: [
      ["output: out", "output: out\nnamed: true"],
      ["Protects all.\n", "Protects all.\n    named: false\n"],
    ],
    findings: [],
  },
  {
    name: "another directory for one kind, and for all",
    before: [["output: out", "output: out\ndirectory: /var/lib/a"]],
    change: [
      ["output: out", "output: out\ndirectory: /var/lib/a"],
      ["Protects all.\n", "Protects all.\n    directory: /run/a\n"],
      [
        "Protects an id.\n",
        "Protects an id.\n    directory: { default: /var/lib/a, env: A_LOCKS }\n",
      ],
    ],
    findings: [
      {
        at: "16:16 directory-changed GlobalLock",
        witness: [".global.lock", 'locks "/var/lib/a/.global.lock"', 'locks "/run/a/.global.lock"'],
      },
      {
        at: "24:16 directory-changed IdLock",
        witness: [
          ".main-x1.lock",
          'locks "/var/lib/a/.main-x1.lock"',
          'locks "/var/lib/a/.main-x1.lock" (or where A_LOCKS says)',
        ],
      },
    ],
  },
  {
    name: "a directory that the spec says now, or no longer says",
    before: [["Protects an id.\n", "Protects an id.\n    directory: /var/lib/a\n"]],
    change: [["Protects all.\n", "Protects all.\n    directory: /run/a\n"]],
    findings: [
      {
        at: "15:16 directory-declared GlobalLock",
        witness: [
          ".global.lock",
          "locks it in the directory that is given first",
          'locks "/run/a/.global.lock"',
        ],
      },
      {
        at: "20:3 directory-declared IdLock",
        witness: [
          ".main-x1.lock",
          'locks "/var/lib/a/.main-x1.lock"',
          "locks it in the directory that is given first",
        ],
      },
    ],
  },
  {
    name: "kinds of one file name in two directories, which change their names",
    before: [
      [
        "Protects an id.\n",
        "Protects an id.\n  OneLock:\n    template: lock\n    directory: /a\n    description: One.\n  TwoLock:\n    template: lock\n    directory: /b\n    description: Two.\n",
      ],
    ],
    change: [
      [
        "Protects an id.\n",
        "Protects an id.\n  SecondLock:\n    template: lock\n    directory: /b\n    description: Two.\n  FirstLock:\n    template: lock\n    directory: /a\n    description: One.\n",
      ],
    ],
    findings: [
      {
        at: "22:3 kind-renamed SecondLock",
        witness: ["lock", "calls it TwoLock", "calls it SecondLock"],
      },
      {
        at: "26:3 kind-renamed FirstLock",
        witness: ["lock", "calls it OneLock", "calls it FirstLock"],
      },
    ],
  },
  {
    name: "a file that nothing is written into any more",
    change: [["Protects an id.\n", "Protects an id.\n    stamp: none\n"]],
    findings: [
      {
        at: "19:3 stamp-changed IdLock",
        witness: [
          ".main-x1.lock",
          "writes its PID over a line of the file while it holds it",
          "writes nothing into the file, so that only the system knows the holder",
        ],
      },
    ],
  },
  {
    name: "other rights of new files",
    before: [["output: out", 'output: out\nmode: "0660"\ngroup: backup']],
    change: [
      ["output: out", 'output: out\nmode: "0660"\ngroup: backup'],
      ["Protects all.\n", 'Protects all.\n    mode: "640"\n'],
      ["Protects an id.\n", "Protects an id.\n    group: 34\n"],
    ],
    findings: [
      {
        at: "17:11 mode-changed GlobalLock",
        witness: [".global.lock", "creates it with mode 0660", "creates it with mode 0640"],
      },
      {
        at: "25:12 group-changed IdLock",
        witness: [".main-x1.lock", "creates it with group backup", "creates it with group 34"],
      },
    ],
  },
  {
    name: "rights that are declared now, and no longer",
    before: [["Protects an id.\n", 'Protects an id.\n    mode: "660"\n']],
    change: [["Protects all.\n", 'Protects all.\n    mode: "0660"\n    group: backup\n']],
    findings: [
      {
        at: "15:11 mode-changed GlobalLock",
        witness: [".global.lock", "creates it with mode 0600", "creates it with mode 0660"],
      },
      {
        at: "16:12 group-changed GlobalLock",
        witness: [
          ".global.lock",
          "creates it with the group of its user or directory",
          "creates it with group backup",
        ],
      },
      {
        at: "21:3 mode-changed IdLock",
        witness: [".main-x1.lock", "creates it with mode 0660", "creates it with mode 0600"],
      },
    ],
  },
  {
    name: "names that are no longer read back",
    change: [["Protects an id.\n", "Protects an id.\n    readable: false\n"]],
    findings: [
      {
        at: "19:3 readable-changed IdLock",
        witness: [".main-x1.lock", "reads it back as IdLock", "never reads it back as IdLock"],
      },
    ],
  },
  {
    name: "another reading order",
    before: [
      ["{server}-backup.lock", "{id}-backup{server}"],
      ["  IdLock:", "  IdLock:\n    precedes: BackupLock"],
    ],
    change: [
      ["{server}-backup.lock", "{id}-backup{server}"],
      ["  BackupLock:", "  BackupLock:\n    precedes: IdLock"],
    ],
    findings: [
      {
        at: "17:15 reading-order-changed BackupLock, IdLock",
        witness: [
          ".a-backup.lock",
          'reads it as IdLock with server = "a", id = "backup"',
          'reads it as BackupLock with id = "a", server = ".lock"',
        ],
      },
    ],
  },
  {
    name: "a new kind that takes over names",
    change: [["\n  GlobalLock:", NIGHTLY]],
    findings: [
      {
        at: "13:15 names-taken-over NightlyLock, BackupLock",
        witness: [
          ".nightly-backup.lock",
          'reads it as BackupLock with server = "nightly"',
          "reads it as NightlyLock",
        ],
      },
    ],
  },
  {
    name: "a new kind whose names were nobody's",
    change: [["\n  GlobalLock:", NIGHTLY.replace("-backup.lock", ".pid")]],
    findings: [],
  },
  {
    name: "a new kind that is wider than the old ones",
    change: [["\n  GlobalLock:", NIGHTLY.replace(".nightly-backup.lock", ".{server}.lock")]],
    findings: [],
  },
  {
    name: "a new kind that has the old template of another",
    change: [
      ["-backup.lock", "-copy.lock"],
      ["\n  GlobalLock:", NIGHTLY.replace(".nightly-backup.lock", ".{server}-backup.lock")],
    ],
    findings: [
      {
        at: "13:15 names-taken-over NightlyLock, BackupLock",
        witness: [
          ".a-backup.lock",
          'reads it as BackupLock with server = "a"',
          'reads it as NightlyLock with server = "a"',
        ],
      },
      {
        at: "19:15 template-changed BackupLock",
        witness: [
          ".main-backup.lock",
          'locks it as BackupLock with server = "main"',
          'locks ".main-copy.lock" with server = "main" and, for this one, reads it as NightlyLock with server = "main"',
        ],
      },
    ],
  },
  {
    name: "defaults that were off and are on",
    before: [
      ["description: Protects an id.", "description: Protects an id.\n    raiseIfFail: false"],
    ],
    change: [["description: Protects an id.", "description: Protects an id.\n    wait: true"]],
    findings: [
      {
        at: "19:3 default-wait-changed IdLock",
        witness: [
          ".main-x1.lock",
          "gives up at once while it is held",
          "waits until the holder releases it",
        ],
      },
      {
        at: "19:3 default-raise-changed IdLock",
        witness: [
          ".main-x1.lock",
          "gets false if it cannot have it",
          "throws if it cannot have it",
        ],
      },
    ],
  },
  {
    name: "parameters in another order, where the old arguments are refused",
    before: [
      ['    pattern: "[^-]+"', '    pattern: "[a-z][0-9]"'],
      [".{server}-{id}", "_{server}-{id}"],
    ],
    change: [
      ['    pattern: "[^-]+"', '    pattern: "[a-z][0-9]"'],
      [".{server}-{id}", "_{id}-{server}"],
    ],
    findings: [
      {
        at: "20:15 template-changed IdLock",
        witness: [
          "_main-x1.lock",
          'locks it as IdLock with server = "main", id = "x1"',
          'locks "_x1-main.lock" with server = "main", id = "x1" and, for this one, knows no lock of this name',
        ],
      },
      {
        at: "20:15 parameters-reordered IdLock",
        witness: [
          "_main-x1.lock",
          'locks it as IdLock with server = "main", id = "x1"',
          'refuses the same arguments, since id cannot be "main"',
        ],
      },
    ],
  },
  {
    name: "parameters in another order, where the new name is too long for the old arguments",
    before: [[".{server}-{id}", "_{server}-{id}"]],
    change: [[".{server}-{id}", `_{id}-{server}${"x".repeat(245)}`]],
    findings: [
      {
        at: "20:15 template-changed IdLock",
        witness: [
          "_a-a.lock",
          'locks it as IdLock with server = "a", id = "a"',
          `locks "_a-a${"x".repeat(245)}.lock" with server = "a", id = "a" and, for this one, knows no lock of this name`,
        ],
      },
      {
        at: "20:15 parameters-reordered IdLock",
        witness: [
          "_main-x1.lock",
          'locks it as IdLock with server = "main", id = "x1"',
          "refuses the same arguments, since the name is too long",
        ],
      },
    ],
  },
  {
    name: "which of two kinds that are not read back says that it knows of the other",
    before: [
      [".{server}-{id}.lock", "x{id}.pid"],
      [
        "description: Protects a backup.",
        `description: B.\n    readable: false\n    precedes: CopyLock${COPY}`,
      ],
    ],
    change: [
      [".{server}-{id}.lock", "x{id}.pid"],
      [
        "description: Protects a backup.",
        `description: B.\n    readable: false${COPY}\n    precedes: BackupLock`,
      ],
    ],
    findings: [],
  },
];
