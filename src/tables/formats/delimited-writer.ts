const encoder = new TextEncoder();
const FLUSH = 1 << 16;

/** One cell to be written: text is quoted so that it stays text, numbers are given as they are to be read. */
export type DelimitedCell = { readonly text: string } | { readonly bare: string } | null;

/** Lays rows of cells out as comma-separated UTF-8 in memory, for the text importer to type and store. */
export class DelimitedWriter {
  #bytes = new Uint8Array(1 << 20);
  #end = 0;
  #pending = '';

  row(cells: readonly DelimitedCell[]): void {
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i];
      if (i > 0) this.#pending += ',';
      if (cell === null) continue;
      this.#pending += 'bare' in cell ? cell.bare : `"${cell.text.replaceAll('"', '""')}"`;
    }
    // A single empty cell must not look like a blank line.
    if (cells.length === 1 && cells[0] === null) this.#pending += '""';
    this.#pending += '\n';
    if (this.#pending.length > FLUSH) this.#flush();
  }

  /** The bytes so far. */
  finish(): Uint8Array<ArrayBuffer> {
    this.#flush();
    return this.#bytes.slice(0, this.#end);
  }

  get size(): number {
    return this.#end + this.#pending.length;
  }

  #flush(): void {
    const most = this.#end + this.#pending.length * 3;
    if (most > this.#bytes.length) {
      const wider = new Uint8Array(Math.max(this.#bytes.length * 2, most));
      wider.set(this.#bytes.subarray(0, this.#end));
      this.#bytes = wider;
    }
    this.#end += encoder.encodeInto(this.#pending, this.#bytes.subarray(this.#end)).written;
    this.#pending = '';
  }
}
