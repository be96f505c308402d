import type { InMemory, KindStatics } from "../../codegen/in-memory.js";
import { Catalogue, type LockKind } from "../catalogue/catalogue.js";
import { LockFile } from "../lock-file.js";
import type { LockFileOptionsWithDirectory } from "../options.js";

/** A catalogue of classes that behave as the generated ones do, made without a build. */
export function catalogueOf({ name, kinds }: InMemory): Catalogue<LockFile> {
  return new Catalogue(name, kinds.map(classOf));
}

type Values = Readonly<Record<string, string | number>>;

/** The class of a kind. Its members are those that `codegen/emit/kind.ts` prints. */
function classOf({ name, ...statics }: KindStatics): LockKind<LockFile> {
  const isPlaced = statics.DIRECTORY !== null;
  const parameters = Object.keys(statics.PARAMETERS);
  class Kind extends LockFile {
    static override readonly TEMPLATE = statics.TEMPLATE;
    static override readonly LOCK_PATTERN = statics.LOCK_PATTERN;
    static override readonly PARAMETERS = statics.PARAMETERS;
    static override readonly VALUES = statics.VALUES;
    static override readonly DIRECTORY = statics.DIRECTORY;
    static override readonly FILE = statics.FILE;
    static override readonly NAMED = statics.NAMED;
    static override readonly SHARED = statics.SHARED;
    static override readonly LOCK_ORDER = statics.LOCK_ORDER;
    static override readonly DEFAULTS = statics.DEFAULTS;

    override readonly kind = name;

    /**
     * @param all The directory if the spec does not say it, the values, one by one or in one object, and then the
     *   options, which may say another one if it does.
     */
    constructor(...all: readonly unknown[]) {
      const given = isPlaced ? all : all.slice(1);
      const values = statics.NAMED
        ? (given[0] as Values)
        : (Object.fromEntries(parameters.map((key, at) => [key, given[at]])) as Values);
      const options = given[statics.NAMED ? 1 : parameters.length] as
        | LockFileOptionsWithDirectory
        | undefined;
      const directory = isPlaced ? options?.directory : (all[0] as string | URL);
      super(Kind.locate(directory, values), options);
      for (const key of parameters) Reflect.set(this, key, values[key]);
    }

    static override buildIfMatches(path: string): Kind | null {
      const read = Kind.read<Values>(path, parameters);
      if (read === null) return null;
      const values = statics.NAMED ? [read] : parameters.map((key) => read[key]);
      const { lockDirectory: directory } = read;
      return isPlaced ? new Kind(...values, { directory }) : new Kind(directory, ...values);
    }
  }
  return Object.defineProperty(Kind, "name", { value: name });
}
