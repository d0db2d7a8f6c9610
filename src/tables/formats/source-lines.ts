import type { RejectReason } from '../import-options.ts';
import type { RejectList } from '../reject-list.ts';

/** Something of the file that has no place in the text it was laid out as. */
interface Issue {
  readonly line: number;
  readonly column: number;
  readonly reason: RejectReason;
  readonly raw: string;
  readonly row: number;
}

/** Where the rows of a text that was laid out from another format stand in the file: rows of a sheet, lines or records. */
export class SourceLines {
  /** Ascending. */
  readonly #texts: number[] = [];
  readonly #places: number[] = [];
  readonly #issues: Issue[] = [];

  /** A row that begins at line `text` of the text, and stands at `place` in the file. */
  row(text: number, place: number): void {
    this.#texts.push(text);
    this.#places.push(place);
  }

  /** `column` is −1 for the whole row; `row` the row of the table whose cell is empty for it, −1 where there is none. */
  issue(line: number, column: number, reason: RejectReason, raw: string, row = -1): void {
    this.#issues.push({ line, column, reason, raw, row });
  }

  /** Lets a list of rejects speak of the file's places rather than of the text's, and of what did not come into the text. */
  tell(rejects: RejectList): void {
    rejects.relocate((line) => this.#place(line));
    for (const { line, column, reason, raw, row } of this.#issues) rejects.add(line, column, reason, raw, row);
  }

  get issues(): number {
    return this.#issues.length;
  }

  #place(text: number): number {
    let low = 0;
    let high = this.#texts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#texts[middle] <= text) low = middle;
      else high = middle - 1;
    }
    return this.#places[low] ?? text;
  }
}
