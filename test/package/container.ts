import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { type Copy, DockerfileParser, type JSONInstruction } from "dockerfile-ast";
import { isRoot } from "../support/child.js";
import type { Result } from "./workshop.js";

/**
 * What stands for an image, as there is neither a registry of them nor a daemon: this machine's own system, with the folder
 * /app in it. One that is slim has no compiler.
 */
export interface Image {
  readonly app: string;
  readonly isSlim: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
}

/** Runs "$@" in a container: a layer over this system, processes of its own, and what is mounted into it. */
const CONTAINER = `
mount -t tmpfs none "$LAYER"
mkdir "$LAYER/upper" "$LAYER/work" "$LAYER/root"
cd "$LAYER"
mount -t overlay -o lowerdir=/,upperdir=upper,workdir=work none root
mkdir -p root/app root/locks
mount --bind "$APP" root/app
mount --bind "$VOLUME" root/locks
mount --rbind /dev root/dev
mount -t proc none root/proc
if [ "$SLIM" = true ]; then rm -f root/usr/bin/make root/usr/bin/cc root/usr/bin/*gcc* root/usr/bin/*[cg]++*; fi
unset LAYER APP VOLUME SLIM
exec chroot root sh -c 'cd /app && exec "$@"' sh "$@"
`;

/** A folder of containers that share a volume, which they see as /locks. */
export class Docker {
  readonly volume: string;
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    this.volume = join(directory, "volume");
    mkdirSync(this.volume, { recursive: true });
  }

  /** The program and its arguments that run a command of a container. */
  container(image: Image, command: readonly string[] = image.command) {
    const layer = mkdtempSync(join(this.#directory, "layer-"));
    const paths = { LAYER: layer, APP: image.app, VOLUME: this.volume, SLIM: String(image.isSlim) };
    const own = [...(isRoot ? [] : ["-r"]), "-m", "-p", "-f", "--kill-child"];
    return {
      program: "unshare",
      args: [...own, "sh", "-ec", CONTAINER, "sh", ...command],
      env: { ...process.env, NODE_ENV: undefined, ...image.env, ...paths },
    };
  }

  /** Runs one to its end. */
  run(image: Image, command: readonly string[] = image.command): Result {
    const { program, args, env } = this.container(image, command);
    const { status, stdout, stderr } = spawnSync(program, args, { env, encoding: "utf8" });
    return { status, output: status === 0 ? stdout : stdout + stderr };
  }

  /** Builds what a Dockerfile says of a context; throws if it says what is not known here. */
  build(name: string, dockerfile: string, context: string): Image {
    const images = new Map<string, Image>();
    let image: Image | undefined;
    for (const instruction of DockerfileParser.parse(dockerfile).getInstructions()) {
      const words = instruction.getArguments().map((word) => word.getValue());
      const text = instruction.getArgumentsContent() ?? "";
      const keyword = instruction.getKeyword();
      if (keyword === "FROM") {
        const [base = "", , stage = name] = words;
        const app = join(this.#directory, name, stage);
        mkdirSync(app, { recursive: true });
        image = { app, isSlim: base.endsWith("-slim"), env: {}, command: [] };
        images.set(stage, image);
        continue;
      }
      if (image === undefined) throw new Error(`${keyword} before FROM`);
      const { app } = image;
      if (keyword === "ENV") {
        const [, key = "", value = ""] = /^(\w+)=(\S+)$/u.exec(text) ?? [];
        image = { ...image, env: { ...image.env, [key]: value } };
      } else if (keyword === "CMD") {
        const json = (instruction as JSONInstruction).getJSONStrings();
        image = { ...image, command: json.map((word) => word.getJSONValue()) };
      } else if (keyword === "COPY") {
        const from = (instruction as Copy).getFromFlag()?.getValue();
        const source = from == null ? context : (images.get(from)?.app ?? "no such stage");
        for (const word of words.slice(0, -1)) {
          const file = word === "/app" ? "." : word;
          cpSync(join(source, file), join(app, words.at(-1) ?? "", file), { recursive: true });
        }
      } else if (keyword === "RUN") {
        const ran = this.run(image, ["sh", "-c", text]);
        if (ran.status !== 0) throw new Error(`RUN ${text}:\n${ran.output}`);
      } else if (keyword !== "WORKDIR" || text !== "/app") throw new Error(`${keyword} ${text}`);
    }
    if (image === undefined) throw new Error("no image");
    return image;
  }
}
