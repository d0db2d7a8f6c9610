import type { XlsxPackage } from './xlsx-package.ts';
import { readFontPart, type XlsxFont } from './xlsx-styles.ts';
import { officeText, type XmlHandler } from './xml-scanner.ts';

/** A piece of a text in a font of its own. */
export interface XlsxRun {
  readonly text: string;
  readonly font: XlsxFont;
}

/** The texts that cells refer to by number. */
export interface XlsxStrings {
  readonly texts: readonly string[];
  /** Of texts in several fonts, their pieces; only where they were asked for. */
  readonly runs: ReadonlyMap<number, readonly XlsxRun[]>;
}

const MOST_CHARACTERS = 1_000_000_000;

/** Collects one text with its runs from the elements within `si` or `is`; readings of characters (ruby) are left out. */
export class TextCollector {
  readonly #rich: boolean;
  #text = '';
  #runs: { text: string; font: XlsxFont }[] = [];
  #font: XlsxFont | undefined;
  #inText = false;
  #inProperties = false;
  #inReading = false;

  constructor(rich: boolean) {
    this.#rich = rich;
  }

  begin(): void {
    this.#text = '';
    this.#runs = [];
    this.#font = undefined;
    this.#inText = false;
    this.#inProperties = false;
    this.#inReading = false;
  }

  open(name: string, attributes: string): void {
    if (name === 't') this.#inText = !this.#inReading;
    else if (name === 'rPh') this.#inReading = true;
    else if (this.#rich && name === 'r') this.#font = {};
    else if (name === 'rPr') this.#inProperties = true;
    else if (this.#inProperties && this.#font) readFontPart(this.#font, name, attributes);
  }

  piece(text: string): void {
    if (!this.#inText) return;
    this.#text += text;
    if (!this.#font) return;
    const last = this.#runs.at(-1);
    if (last?.font === this.#font) last.text += text;
    else this.#runs.push({ text, font: this.#font });
  }

  close(name: string): void {
    if (name === 't') this.#inText = false;
    else if (name === 'rPh') this.#inReading = false;
    else if (name === 'rPr') this.#inProperties = false;
  }

  get text(): string {
    return officeText(this.#text);
  }

  /** The pieces, where there is more to them than the text. */
  get runs(): readonly XlsxRun[] | undefined {
    if (!this.#runs.some(({ font }) => Object.keys(font).length > 0)) return undefined;
    return this.#runs.map(({ text, font }) => ({ text: officeText(text), font }));
  }
}

/** The shared texts of a workbook. */
export async function readStrings(workbook: XlsxPackage, rich: boolean): Promise<XlsxStrings> {
  const texts: string[] = [];
  const runs = new Map<number, readonly XlsxRun[]>();
  if (workbook.stringsPath === undefined) return { texts, runs };
  const collector = new TextCollector(rich);
  let characters = 0;
  const handler: XmlHandler = {
    open(name, attributes) {
      if (name === 'si') collector.begin();
      else collector.open(name, attributes);
    },
    text: (piece) => collector.piece(piece),
    close(name) {
      if (name !== 'si') return collector.close(name);
      const { text } = collector;
      characters += text.length;
      if (characters > MOST_CHARACTERS) throw new Error('its texts are longer than can be held at once');
      const found = rich ? collector.runs : undefined;
      if (found) runs.set(texts.length, found);
      texts.push(text);
    },
  };
  await workbook.scan(workbook.stringsPath, handler);
  return { texts, runs };
}
