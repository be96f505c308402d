import { defined } from "../defined.js";

/**
 * Places in printed structures whose text is put in afterwards. ts-morph re-indents what it prints
 * and loses its way in regular expressions that hold quotes or slashes; what has to keep every byte
 * stands in a slot meanwhile.
 */
export class Slots {
  readonly #texts: string[] = [];

  /**
   * A name that stands for `text`. A text that begins with a line break takes the blank before it
   * away.
   */
  put(text: string): string {
    this.#texts.push(text);
    return `${MARK}${this.#texts.length - 1}${MARK}`;
  }

  fill(printed: string): string {
    return printed.replace(SLOT, (_, blank: string, index: string) => {
      const text = defined(this.#texts[Number(index)]);
      return text.startsWith("\n") ? text : blank + text;
    });
  }
}

// A private-use letter: no legal name or keyword holds one.
const MARK = "\u{e000}";
const SLOT = new RegExp(`( ?)${MARK}(\\d+)${MARK}`, "gu");
