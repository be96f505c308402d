import stringWidth from "string-width";

/**
 * Text that may break over lines, after Wadler's "A prettier printer", in the dialect of Prettier
 * and Biome: the generated files have to be what the formatter would make of them, without a
 * formatter at hand.
 */
export type Layout =
  | string
  | readonly Layout[]
  | { readonly kind: "line"; readonly flat: string }
  | { readonly kind: "indent"; readonly body: Layout }
  | { readonly kind: "broken"; readonly text: string }
  | { readonly kind: "group"; readonly body: Layout; readonly isBroken: boolean }
  | {
      readonly kind: "choice";
      readonly options: readonly [Layout, ...Layout[]];
      readonly last: Layout;
    };

/** The line width that the generated files keep. */
export const LINE_WIDTH = 100;

/** A line break, or a blank where the group around it fits on a line. */
export const line: Layout = { kind: "line", flat: " " };
/** A line break, or nothing where the group around it fits on a line. */
export const softline: Layout = { kind: "line", flat: "" };

/** Fits on one line, or every `line` in it breaks. */
export function group(...body: readonly Layout[]): Layout {
  return { kind: "group", body, isBroken: false };
}

export function indent(...body: readonly Layout[]): Layout {
  return { kind: "indent", body };
}

/** Text that stands only where the group around it is broken. */
export function ifBroken(text: string): Layout {
  return { kind: "broken", text };
}

/** `items` between brackets: on one line, or one on each, with a trailing comma. */
function list(open: string, items: readonly Layout[], close: string, pad = ""): Layout {
  return bracketed(open, items, close, pad, false);
}

/**
 * Arguments of a call. Where they do not fit, a list or object at the end opens up before the
 * others break.
 */
export function args(...items: readonly Layout[]): Layout {
  return list("(", items, ")");
}

/**
 * Arguments of a call that end in a list or an object, which opens up first where they do not fit
 * on a line.
 */
export function argsEndingIn(head: readonly Layout[], last: Bracketed): Layout {
  const items = [...head, last.fitting];
  const flat = list("(", items, ")");
  if (last.isEmpty) return flat;
  const broken = bracketed("(", items, ")", "", true);
  const before = head.flatMap((item) => [item, ", "]);
  const hugged = ["(", before, last.open, ")"];
  // What is opened up in any case, for the comments in it, has no form on one line.
  if (last.fitting === last.open) return { kind: "choice", options: [hugged], last: broken };
  return { kind: "choice", options: [flat, hugged], last: broken };
}

/** A list or object in two forms: as wide as fits, and opened up. */
export interface Bracketed {
  readonly isEmpty: boolean;
  readonly fitting: Layout;
  readonly open: Layout;
}

export function array(items: readonly Layout[]): Bracketed {
  return brackets("[", items, "]", "");
}

export function object(items: readonly Layout[]): Bracketed {
  return brackets("{", items, "}", " ");
}

/**
 * Prints a layout that begins at `column` of a line whose own indentation is `indentation`; later
 * lines are relative to that.
 */
export function print(layout: Layout, indentation: number): string {
  const printer = new Printer(LINE_WIDTH - indentation);
  return printer.print(layout);
}

function brackets(open: string, items: readonly Layout[], close: string, pad: string): Bracketed {
  return {
    isEmpty: items.length === 0,
    fitting: bracketed(open, items, close, pad, false),
    open: bracketed(open, items, close, pad, true),
  };
}

function bracketed(
  open: string,
  items: readonly Layout[],
  close: string,
  pad: string,
  isBroken: boolean,
): Layout {
  if (items.length === 0) return open + close;
  const edge: Layout = { kind: "line", flat: pad };
  const inner = items.flatMap((item, index) => (index === 0 ? [item] : [",", line, item]));
  const body = [open, indent(edge, ...inner), ifBroken(","), edge, close];
  return { kind: "group", body, isBroken };
}

/** A layout still to be printed, at its indentation and in its mode. */
interface Pending {
  readonly layout: Layout;
  readonly depth: number;
  readonly flat: boolean;
}

class Printer {
  readonly #width: number;
  #text = "";
  #column = 0;

  constructor(width: number) {
    this.#width = width;
  }

  print(layout: Layout): string {
    const stack: Pending[] = [{ layout, depth: 0, flat: false }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      this.#step(next, stack);
    }
    return this.#text;
  }

  #step({ layout, depth, flat }: Pending, stack: Pending[]): void {
    if (typeof layout === "string") {
      this.#text += layout;
      this.#column += stringWidth(layout);
      return;
    }
    if (isSequence(layout)) {
      for (const part of layout.toReversed()) stack.push({ layout: part, depth, flat });
      return;
    }
    switch (layout.kind) {
      case "line":
        this.#text += flat ? layout.flat : `\n${"  ".repeat(depth)}`;
        this.#column = flat ? this.#column + layout.flat.length : 2 * depth;
        return;
      case "indent":
        stack.push({ layout: layout.body, depth: depth + 1, flat });
        return;
      case "broken":
        if (!flat) stack.push({ layout: layout.text, depth, flat });
        return;
      case "group": {
        const oneLine = { layout: layout.body, depth, flat: !layout.isBroken };
        const fits = !layout.isBroken && (flat || this.#fits(oneLine, stack));
        stack.push({ ...oneLine, flat: fits });
        return;
      }
      case "choice": {
        const first = layout.options.find((option, index) =>
          this.#fits({ layout: option, depth, flat: index === 0 }, stack),
        );
        stack.push({ layout: first ?? layout.last, depth, flat: first === layout.options[0] });
      }
    }
  }

  /**
   * Whether the line would end before the width does: at the next line break of what is printed in
   * broken mode.
   */
  #fits(next: Pending, rest: readonly Pending[]): boolean {
    let left = this.#width - this.#column;
    const stack = [next];
    let below = rest.length;
    while (left >= 0) {
      const top = stack.pop() ?? rest[--below];
      if (top === undefined) return true;
      const { layout, depth, flat } = top;
      if (typeof layout === "string") {
        left -= stringWidth(layout);
      } else if (isSequence(layout)) {
        for (const part of layout.toReversed()) stack.push({ layout: part, depth, flat });
      } else if (layout.kind === "line") {
        if (!flat) return true;
        left -= layout.flat.length;
      } else if (layout.kind === "indent") {
        stack.push({ layout: layout.body, depth, flat });
      } else if (layout.kind === "broken") {
        if (!flat) stack.push({ layout: layout.text, depth, flat });
      } else if (layout.kind === "group") {
        // What comes after the group in question may break at its first chance.
        stack.push({ layout: layout.body, depth, flat: flat && !layout.isBroken });
      } else {
        stack.push({ layout: layout.options[0], depth, flat });
      }
    }
    return false;
  }
}

function isSequence(layout: Exclude<Layout, string>): layout is readonly Layout[] {
  return Array.isArray(layout);
}
