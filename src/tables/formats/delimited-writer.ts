const encoder = new TextEncoder();
const FLUSH = 1 << 16;
const MOST_BYTES = 2_000_000_000;

/** One cell to be written: text is quoted so that it stays text, `bare` (a day, a truth value) is laid down as it is. */
export type DelimitedCell = { readonly text: string } | { readonly number: number } | { readonly bare: string } | null;

/** What all cells of a column have been so far. */
type CellKind = 'integer' | 'number' | 'other';

/** Lays rows of cells out as comma-separated UTF-8 in memory, for the text importer to type and store. */
export class DelimitedWriter {
  #bytes = new Uint8Array(1 << 20);
  #end = 0;
  #pending = '';
  #lines = 0;
  readonly #kinds: (CellKind | undefined)[] = [];

  /** Names of the columns; they do not count for the kinds. */
  header(names: readonly string[]): void {
    this.#write(names.map((text) => ({ text })));
  }

  row(cells: readonly DelimitedCell[]): void {
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i];
      if (cell === null || this.#kinds[i] === 'other') continue;
      const kind = !('number' in cell) ? 'other' : Number.isSafeInteger(cell.number) ? 'integer' : 'number';
      const before = this.#kinds[i] ?? kind;
      this.#kinds[i] = kind === 'other' || kind === before ? kind : 'number';
    }
    this.#write(cells);
  }

  /** For columns that held nothing but numbers: which, so that no rule for texts takes them for identifiers. */
  numericTypes(names: readonly string[]): Record<string, { readonly type: 'integer' | 'number' }> {
    return Object.fromEntries(
      names.flatMap((name, index) => {
        const kind = this.#kinds[index];
        return kind === 'integer' || kind === 'number' ? [[name, { type: kind }]] : [];
      }),
    );
  }

  #write(cells: readonly DelimitedCell[]): void {
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i];
      if (i > 0) this.#pending += ',';
      if (cell === null) continue;
      if ('text' in cell) {
        this.#pending += `"${cell.text.replaceAll('"', '""')}"`;
        if (cell.text.includes('\n')) this.#lines += cell.text.split('\n').length - 1;
      } else this.#pending += 'number' in cell ? plainNumber(cell.number) : cell.bare;
    }
    // A single empty cell must not look like a blank line.
    if (cells.length === 1 && cells[0] === null) this.#pending += '""';
    this.#pending += '\n';
    this.#lines++;
    if (this.#pending.length > FLUSH) this.#flush();
  }

  /** The bytes so far. */
  finish(): Uint8Array<ArrayBuffer> {
    this.#flush();
    return this.#bytes.slice(0, this.#end);
  }

  /** The number of the line that comes next, from 1. */
  get nextLine(): number {
    return this.#lines + 1;
  }

  /** @throws Error where the text grows beyond what one buffer holds. */
  #flush(): void {
    const most = this.#end + this.#pending.length * 3;
    if (most > MOST_BYTES) throw new Error('it holds more than 2 GB of text');
    if (most > this.#bytes.length) {
      const wider = new Uint8Array(Math.min(MOST_BYTES, Math.max(this.#bytes.length * 2, most)));
      wider.set(this.#bytes.subarray(0, this.#end));
      this.#bytes = wider;
    }
    this.#end += encoder.encodeInto(this.#pending, this.#bytes.subarray(this.#end)).written;
    this.#pending = '';
  }
}

/** A number without an exponent where that gives the same number back. */
function plainNumber(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  const fixed = Math.abs(value) < 1 ? value.toFixed(20).replace(/0+$/, '') : text;
  return Number(fixed) === value ? fixed : text;
}
