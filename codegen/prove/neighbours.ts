import type { CatalogueSpec, Kind, KindReference, Neighbour, Parameter } from "../model.js";

/**
 * A catalogue together with those beside it, as one in which the names of others have that of their catalogue before
 * them. What is wrong with a kind of theirs is wrong where the spec names its catalogue.
 */
export function together(
  spec: CatalogueSpec,
  own: readonly Kind[],
  neighbours: readonly Neighbour[],
): CatalogueSpec {
  const parameters = new Map(spec.parameters);
  const kinds: Kind[] = [];
  const names = new Set<string>();
  for (const { spec: other, place } of neighbours) {
    // Two catalogues of one name are told apart by their files.
    const prefix = names.has(other.name) ? `${other.name} (${other.source.file})` : other.name;
    names.add(prefix);
    const named = (name: string): string => `${prefix}.${name}`;
    for (const parameter of other.parameters.values()) {
      const renamed: Parameter = { ...parameter, name: named(parameter.name), place };
      parameters.set(renamed.name, renamed);
    }
    const renamed = (reference: KindReference) => ({ name: named(reference.name), place });
    for (const kind of other.kinds) {
      kinds.push({
        ...kind,
        name: named(kind.name),
        tokens: kind.tokens.map((token) =>
          "literal" in token ? token : { parameter: named(token.parameter) },
        ),
        parameters: kind.parameters.map(named),
        precedes: kind.precedes.map(renamed),
        place,
        templatePlace: place,
        origin: { source: other.source, templatePlace: kind.templatePlace },
      });
    }
  }
  return { ...spec, parameters, kinds: [...kinds, ...own] };
}
