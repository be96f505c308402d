import { EXIT } from "./exit.js";
import { type Generator, loadGenerator } from "./generator.js";

/**
 * Loads the generator and lets it work; `null` where it could not, which has then been said and is
 * the exit code.
 */
export async function withGenerator<T>(act: (generator: Generator) => T): Promise<T | null> {
  const generator = await loadGenerator();
  try {
    return act(generator);
  } catch (error) {
    if (!(error instanceof generator.CannotRun)) throw error;
    process.stderr.write(`lock-catalogue: ${error.message}\n`);
    process.exitCode = EXIT.couldNotRun;
    return null;
  }
}
