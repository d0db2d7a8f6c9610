import { BooleanBuilder } from './boolean-builder.ts';
import type { BuildContext, BuiltType, ColumnBuilder, Contradiction } from './column-builder.ts';
import { columnChoice } from './column-choice.ts';
import { cutterFor } from './dialect.ts';
import type { RowCutter } from './fields.ts';
import type { FileSource } from './file-source.ts';
import type { DetectedColumn, Detection, ImportOptions, ImportProgress } from './import-options.ts';
import { type ColumnPlan, planColumn } from './infer.ts';
import { NumberBuilder } from './number-builder.ts';
import { type OpenedText, openText } from './open-text.ts';
import { RejectList } from './reject-list.ts';
import { groupRowsFor } from './schema.ts';
import { TableError } from './table-error.ts';
import type { TableSink } from './table-sink.ts';
import { TextBuilder } from './text-builder.ts';
import { utf8Chunks } from './text-stream.ts';
import { TimeBuilder } from './time-builder.ts';

/** A row longer than this is no row. */
const LONGEST_ROW = 32 << 20;
/** Bytes behind the text that may be read or overwritten. */
const SPARE = 64;
const MOST_PASSES = 4;
/** A text in another encoding is valid UTF-8 now and then by chance, but not several different ones. */
const TEXTS_THAT_PROVE = 3;

/** Where a reading goes, how it is stopped and whom it tells. */
export interface SinkRun {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly sink: TableSink;
}

/** What reading a file gave; the values themselves went to the sink. */
export interface ReadOutcome {
  readonly rows: number;
  readonly groupRows: number;
  /** By column of the file; undefined for a skipped one. */
  readonly built: readonly (BuiltType | undefined)[];
  readonly names: readonly string[];
  readonly rejects: RejectList;
  readonly detection: Detection;
}

/** Thrown where a file that looked like UTF-8 turns out to be none. */
class NotUtf8 extends Error {}

/**
 * Reads a text file into the sink. Columns are read as what the first rows suggest; where later rows contradict, the file is
 * read once more for just these columns, so that every text is kept as it was written and every type holds for the whole file.
 */
export async function readText(source: FileSource, options: ImportOptions, run: SinkRun): Promise<ReadOutcome> {
  try {
    return await new TextReading(source, options, run, await openText(source, options)).read();
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    const opened = await openText(source, options, 'gb18030');
    for (let column = 0; column < opened.names.length; column++) run.sink.restart(column);
    return await new TextReading(source, options, run, opened).read();
  }
}

class TextReading implements BuildContext {
  readonly nullTokens;
  readonly decimalComma;
  readonly groupRows;
  readonly decoded;
  readonly #source: FileSource;
  readonly #options: ImportOptions;
  readonly #run: SinkRun;
  readonly #opened: OpenedText;
  readonly #rejects = new RejectList();
  readonly #plans: ColumnPlan[];
  readonly #built: (BuiltType | undefined)[] = [];
  readonly #orderFrom: DetectedColumn['dateOrderFrom'][] = [];
  #readableTexts = 0;
  #pass = 0;
  #rows = 0;
  #group = 0;
  #groupFill = 0;
  /** The lines that the rows being read begin at. */
  #lines: Int32Array = new Int32Array(0);

  constructor(source: FileSource, options: ImportOptions, run: SinkRun, opened: OpenedText) {
    this.#source = source;
    this.#options = options;
    this.#run = run;
    this.#opened = opened;
    this.#plans = [...opened.plans];
    this.nullTokens = opened.nullTokens;
    this.decimalComma = opened.decimalComma;
    this.groupRows = groupRowsFor(opened.plans.filter((plan) => plan.kind !== 'skip').length);
    this.decoded = opened.encoding.encoding !== 'utf-8';
  }

  reject: BuildContext['reject'] = (line, column, reason, bytes, start, end) => {
    this.#rejects.addBytes(line, column, reason, bytes, start, end, this.#rowAt(line));
  };

  undecodable: BuildContext['undecodable'] = (line, column, bytes, start, end) => {
    // Up to here all was ASCII, which every encoding shares, or as good as all: the guess is open to be mended.
    if (this.#opened.encoding.unproven && this.#readableTexts < TEXTS_THAT_PROVE)
      throw new NotUtf8('The file is not UTF-8.');
    this.#rejects.addBytes(line, column, 'undecodable', bytes, start, end, this.#rowAt(line));
  };

  readable = (): void => {
    this.#readableTexts++;
  };

  async read(): Promise<ReadOutcome> {
    let columns = this.#plans.flatMap((plan, column) => (plan.kind === 'skip' ? [] : [column]));
    if (columns.length === 0) {
      throw new TableError('no-columns', `All columns of '${this.#source.name}' are left out. Keep at least one.`);
    }
    for (this.#pass = 0; columns.length > 0 && this.#pass < MOST_PASSES; this.#pass++) {
      columns = await this.#readColumns(columns);
    }
    const { names, originals } = this.#opened;
    return {
      rows: this.#rows,
      groupRows: this.groupRows,
      built: this.#built,
      names,
      rejects: this.#rejects,
      detection: this.#detection(originals, names),
    };
  }

  /** One pass over the file for some of the columns; returns those that have to be read again. */
  async #readColumns(columns: readonly number[]): Promise<number[]> {
    const { encoding, dialect } = this.#opened;
    const builders = new Map<number, ColumnBuilder>(columns.map((column) => [column, this.#builderFor(column)]));
    const again: number[] = [];
    const skip = this.#options.skipLines ?? 0;
    const first = this.#pass === 0;
    const cutter = cutterFor(dialect, skip + 1, (line, column, reason, bytes, start, end) => {
      if (first) this.#rejects.addBytes(line, column, reason, bytes, start, end);
    });
    let linesToSkip = skip;
    let headerLeft = this.#opened.header;
    this.#rows = 0;
    this.#group = 0;
    this.#groupFill = 0;
    let bytes = new Uint8Array(Math.min(6 << 20, 2 * this.#source.size) + SPARE);
    let view = new DataView(bytes.buffer);
    let start = 0;
    let end = 0;

    const consume = (final: boolean): void => {
      while (linesToSkip > 0 && start < end) {
        const lineEnd = bytes.subarray(start, end).indexOf(10);
        if (lineEnd < 0 && !final) return;
        start = lineEnd < 0 ? end : start + lineEnd + 1;
        linesToSkip--;
      }
      while (start < end) {
        const next = cutter.cut(bytes, start, end, final);
        const { rows } = cutter;
        if (rows > 0) {
          this.#readRows(cutter, { bytes, view }, headerLeft ? 1 : 0, builders, again);
          headerLeft = false;
        }
        if (next === start) break;
        start = next;
      }
    };

    for await (const chunk of utf8Chunks(this.#source, encoding.encoding, encoding.skip)) {
      this.#run.signal?.throwIfAborted();
      if (end + chunk.bytes.length + SPARE > bytes.length) {
        const needed = end - start + chunk.bytes.length + SPARE;
        if (needed > bytes.length) {
          const wider = new Uint8Array(Math.max(needed, bytes.length * 2));
          wider.set(bytes.subarray(start, end));
          bytes = wider;
          view = new DataView(bytes.buffer);
        } else bytes.copyWithin(0, start, end);
        end -= start;
        start = 0;
      }
      bytes.set(chunk.bytes, end);
      end += chunk.bytes.length;
      consume(false);
      if (end - start > LONGEST_ROW) this.#refuseLine(cutter);
      this.#run.onProgress?.({
        stage: first ? 'reading' : 'reading-again',
        done: chunk.done,
        total: this.#source.size,
        rows: this.#rows,
      });
      await this.#run.sink.ready();
    }
    consume(true);
    if (this.#groupFill > 0) this.#takeGroup(builders);
    for (const [column, builder] of builders) this.#finish(column, builder, again);
    return again;
  }

  #readRows(
    cutter: RowCutter,
    { bytes, view }: { bytes: Uint8Array; view: DataView },
    from: number,
    builders: Map<number, ColumnBuilder>,
    again: number[],
  ): void {
    const { starts, ends, lines, rows } = cutter;
    const block = { bytes, view, starts, ends, lines, columns: this.#opened.dialect.columns };
    let next = from;
    while (next < rows) {
      const to = Math.min(rows, next + this.groupRows - this.#groupFill);
      this.#lines = lines.subarray(next, to);
      for (const [column, builder] of builders) {
        builder.read(block, column, next, to);
        if (builder.contradiction) {
          builders.delete(column);
          this.#replan(column, builder.contradiction);
          again.push(column);
        }
      }
      this.#groupFill += to - next;
      this.#rows += to - next;
      next = to;
      if (this.#groupFill === this.groupRows) this.#takeGroup(builders);
    }
  }

  /** The row of the table that begins at a line of the file. */
  #rowAt(line: number): number {
    let low = 0;
    let high = this.#lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#lines[middle] < line) low = middle + 1;
      else high = middle;
    }
    return this.#lines[low] === line ? this.#rows + low : -1;
  }

  #takeGroup(builders: Map<number, ColumnBuilder>): void {
    for (const [column, builder] of builders) this.#run.sink.chunk(column, this.#group, builder.take());
    this.#group++;
    this.#groupFill = 0;
  }

  #finish(column: number, builder: ColumnBuilder, again: number[]): void {
    const built = builder.finish();
    let { contradiction } = builder;
    const plan = this.#plans[column];
    // After so many readings the column is taken as it is; only text cannot be contradicted, and it is the last resort.
    if (!contradiction && plan.kind === 'text' && plan.unproven && builder instanceof TextBuilder) {
      const better = this.#planFromTexts(column, builder);
      if (better.kind !== 'text') {
        this.#plans[column] = better;
        this.#forget(column);
        again.push(column);
        return;
      }
    }
    if (contradiction && this.#pass === MOST_PASSES - 2) contradiction = { as: 'text', because: 'mixed' };
    if (contradiction) {
      this.#replan(column, contradiction);
      again.push(column);
      return;
    }
    this.#built[column] = built;
    this.#orderFrom[column] = builder instanceof TimeBuilder ? builder.orderFrom : undefined;
  }

  #replan(column: number, contradiction: Contradiction): void {
    if (contradiction.as === 'text') this.#plans[column] = { kind: 'text', because: contradiction.because };
    else if (contradiction.as === 'number') this.#plans[column] = { kind: 'number' };
    else this.#plans[column] = { kind: 'time', order: contradiction.order, orderSettled: true };
    this.#forget(column);
  }

  #forget(column: number): void {
    this.#rejects.forget(column);
    this.#run.sink.restart(column);
  }

  /** A column that was empty in the first rows: what its texts say, one row for each distinct one. */
  #planFromTexts(column: number, builder: TextBuilder): ColumnPlan {
    const { bytes, offsets, count, end } = builder.dictionary;
    const rows = Math.min(count, 5000);
    if (rows === 0) return { kind: 'text' };
    const spare = new Uint8Array(end + SPARE);
    spare.set(bytes.subarray(0, end));
    const starts = Int32Array.from({ length: rows }, (_, i) => offsets[i]);
    const ends = Int32Array.from({ length: rows }, (_, i) => offsets[i + 1] << 1);
    const block = { bytes: spare, view: new DataView(spare.buffer), starts, ends, lines: starts, columns: 1 };
    const { originals, inference, header } = this.#opened;
    const original = originals[column];
    return planColumn(block, 0, 0, rows, header ? original : '', columnChoice(this.#options, original), inference);
  }

  #builderFor(column: number): ColumnBuilder {
    const plan = this.#plans[column];
    switch (plan.kind) {
      case 'number':
        return new NumberBuilder(this, plan);
      case 'time':
        return new TimeBuilder(this, plan);
      case 'boolean':
        return new BooleanBuilder(this, plan.forced);
      default:
        return new TextBuilder(this);
    }
  }

  #refuseLine(cutter: RowCutter): never {
    const line = this.#rows === 0 ? 1 : cutter.lines[Math.max(0, cutter.rows - 1)] + 1;
    throw new TableError(
      'line-too-long',
      `The row at line ${line} of '${this.#source.name}' is longer than ${LONGEST_ROW >> 20} MB. Check the delimiter, the quotes and the line ends of the file.`,
      { line, file: this.#source.name },
    );
  }

  #detection(originals: readonly string[], names: readonly string[]): Detection {
    const { encoding, dialect, header, decimalComma } = this.#opened;
    return {
      format: 'text',
      encoding: encoding.encoding,
      encodingFrom: encoding.from,
      layout: dialect.layout,
      delimiter: dialect.delimiter < 0 ? undefined : String.fromCharCode(dialect.delimiter),
      quote: dialect.quote < 0 ? '' : String.fromCharCode(dialect.quote),
      header,
      decimal: decimalComma ? ',' : '.',
      columnStarts: dialect.columnStarts,
      columns: names.map((name, column) => this.#detectedColumn(column, originals[column], name)),
    };
  }

  #detectedColumn(column: number, original: string, name: string): DetectedColumn {
    const plan = this.#plans[column];
    const built = this.#built[column];
    const base = { original, name, type: built?.type ?? 'string', skip: built === undefined } as const;
    if (plan.kind === 'text') return { ...base, keptAsText: plan.because };
    if (built?.type === 'number') return { ...base, scale: built.scale, unit: built.unit };
    if (built?.type === 'integer') return { ...base, unit: built.unit };
    if (plan.kind !== 'time' || built === undefined) return base;
    const dateOrderFrom = this.#orderFrom[column];
    const order = dateOrderFrom === undefined ? {} : { dateOrder: plan.order, dateOrderFrom };
    return built.type === 'timestamp' ? { ...base, zoned: built.zoned, ...order } : { ...base, ...order };
  }
}
