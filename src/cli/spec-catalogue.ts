import type { InMemory, KindStatics } from "../../codegen/in-memory.js";
import { Catalogue, type LockKind } from "../catalogue/catalogue.js";
import { LockFile } from "../lock-file.js";
import type { LockFileOptions } from "../options.js";

/** A catalogue of classes that behave as the generated ones do, made without a build. */
export function catalogueOf({ name, kinds }: InMemory): Catalogue<LockFile> {
  return new Catalogue(name, kinds.map(classOf));
}

type Values = Readonly<Record<string, string | number>>;

/** The class of a kind. Its members are those that `codegen/emit/kind.ts` prints. */
function classOf({ name, ...statics }: KindStatics): LockKind<LockFile> {
  const parameters = Object.keys(statics.PARAMETERS);
  class Kind extends LockFile {
    static override readonly TEMPLATE = statics.TEMPLATE;
    static override readonly LOCK_PATTERN = statics.LOCK_PATTERN;
    static override readonly PARAMETERS = statics.PARAMETERS;
    static override readonly VALUES = statics.VALUES;
    static override readonly NAMED = statics.NAMED;
    static override readonly SHARED = statics.SHARED;
    static override readonly LOCK_ORDER = statics.LOCK_ORDER;
    static override readonly DEFAULTS = statics.DEFAULTS;

    override readonly kind = name;

    /** @param given The values, one by one or in one object, and then the options. */
    constructor(lockDirectory: string | URL, ...given: readonly unknown[]) {
      const values = statics.NAMED
        ? (given[0] as Values)
        : (Object.fromEntries(parameters.map((key, at) => [key, given[at]])) as Values);
      const options = given[statics.NAMED ? 1 : parameters.length] as LockFileOptions | undefined;
      super(Kind.locate(lockDirectory, values), options);
      for (const key of parameters) Reflect.set(this, key, values[key]);
    }

    static override buildIfMatches(path: string): Kind | null {
      const read = Kind.read<Values>(path, parameters);
      if (read === null) return null;
      const values = statics.NAMED ? [read] : parameters.map((key) => read[key]);
      return new Kind(String(read.lockDirectory), ...values);
    }
  }
  return Object.defineProperty(Kind, "name", { value: name });
}
