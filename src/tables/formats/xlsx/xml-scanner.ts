/** Hears of a document as it is read. Names come without their prefix; `attributes` is asked with `attribute`. */
export interface XmlHandler {
  open?(name: string, attributes: string): void;
  close?(name: string): void;
  /** A text may come in several pieces. */
  text?(piece: string): void;
}

const DEEPEST = 200;
const LONGEST_TAG = 1 << 20;
const LONGEST_ENTITY = 16;

/**
 * Reads XML piece by piece. There are no document types here: an office file has none, and they are what entities from other
 * files and entities within entities need. A document that is cut short, badly nested or too deep is refused.
 */
export class XmlScanner {
  readonly #handler: XmlHandler;
  readonly #open: string[] = [];
  #rest = '';
  #begun = false;

  constructor(handler: XmlHandler) {
    this.#handler = handler;
  }

  /** @throws Error saying what is wrong with the document. */
  push(piece: string): void {
    const text = this.#rest + piece;
    let at = 0;
    for (;;) {
      const tag = text.indexOf('<', at);
      if (tag < 0) {
        at = this.#words(text, at, keepFrom(text, at));
        break;
      }
      if (tag > at) this.#words(text, at, tag);
      const end = this.#markup(text, tag);
      if (end < 0) {
        at = tag;
        break;
      }
      at = end;
    }
    this.#rest = text.slice(at);
    if (this.#rest.length > LONGEST_TAG) throw new Error('a tag is longer than any tag is');
  }

  /** @throws Error where the document is not whole. */
  end(): void {
    if (this.#open.length > 0 || this.#rest.includes('<') || !this.#begun)
      throw new Error('the XML ends in the middle');
  }

  #words(text: string, from: number, to: number): number {
    if (to > from && this.#open.length > 0) this.#handler.text?.(decoded(text.slice(from, to)));
    return to;
  }

  /** What begins with the '<' at `at`; where it ends, or -1 where that is not there yet. */
  #markup(text: string, at: number): number {
    const next = text[at + 1];
    if (next === '!') return this.#declaration(text, at);
    if (next === '?') return after(text, '?>', at);
    const end = tagEnd(text, at + 1);
    if (end < 0) return -1;
    if (next === '/') {
      const name = withoutPrefix(text.slice(at + 2, end).trimEnd());
      if (this.#open.pop() !== name) throw new Error(`'</${name.slice(0, 40)}>' closes what is not open`);
      this.#handler.close?.(name);
      return end + 1;
    }
    const empty = text[end - 1] === '/';
    const last = empty ? end - 1 : end;
    let nameEnd = at + 1;
    while (nameEnd < last && text.charCodeAt(nameEnd) > 32) nameEnd++;
    const name = withoutPrefix(text.slice(at + 1, nameEnd));
    this.#begun = true;
    this.#handler.open?.(name, text.slice(nameEnd, last));
    if (empty) this.#handler.close?.(name);
    else if (this.#open.push(name) > DEEPEST) throw new Error('its parts are nested without end');
    return end + 1;
  }

  #declaration(text: string, at: number): number {
    if (text.startsWith('<!--', at)) return after(text, '-->', at + 4);
    if (text.startsWith('<![CDATA[', at)) {
      const end = text.indexOf(']]>', at + 9);
      if (end < 0) return -1;
      this.#handler.text?.(text.slice(at + 9, end));
      return end + 3;
    }
    if (text.length - at < 9) return -1;
    throw new Error('it declares a document type, which no workbook needs');
  }
}

/** The value of an attribute; `id` also finds `r:id`. */
export function attribute(attributes: string, name: string): string | undefined {
  for (let at = attributes.indexOf(name); at >= 0; at = attributes.indexOf(name, at + 1)) {
    const before = attributes.charCodeAt(at - 1);
    if (before > 32 && before !== 58) continue;
    let i = at + name.length;
    while (attributes.charCodeAt(i) <= 32) i++;
    if (attributes[i] !== '=') continue;
    i++;
    while (attributes.charCodeAt(i) <= 32) i++;
    const quote = attributes[i];
    if (quote !== '"' && quote !== "'") continue;
    const end = attributes.indexOf(quote, i + 1);
    return end < 0 ? undefined : decoded(attributes.slice(i + 1, end));
  }
  return undefined;
}

/** An attribute that says yes or no. */
export function flag(attributes: string, name: string, otherwise = false): boolean {
  const value = attribute(attributes, name);
  return value === undefined ? otherwise : value === '1' || value === 'true';
}

/** An attribute that is a number; undefined where it is none. */
export function numeric(attributes: string, name: string): number | undefined {
  const value = attribute(attributes, name);
  const number = value === undefined || value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** Texts of a workbook with their `_x000D_` and the like resolved. */
export function officeText(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

function withoutPrefix(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? -1 : at + mark.length;
}

/** The '>' that ends the tag; those within quotes are part of a value. */
function tagEnd(text: string, from: number): number {
  let quote = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === 62) return at;
    else if (code === 34 || code === 39) quote = code;
  }
  return -1;
}

/** Up to where a text without a tag may be handed on: an entity may be cut at its end. */
function keepFrom(text: string, from: number): number {
  const entity = text.lastIndexOf('&');
  return entity >= from && text.length - entity < LONGEST_ENTITY && !text.includes(';', entity) ? entity : text.length;
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Entities that are not built in stay as they are written. */
function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/g, (all, hex, decimal, name) => {
    if (name !== undefined) return NAMED[name];
    const code = Number.parseInt(hex ?? decimal, hex === undefined ? 10 : 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
