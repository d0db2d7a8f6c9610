import type { FileSource } from '../../file-source.ts';
import { TableError } from '../../table-error.ts';
import { unpack } from './unpack.ts';
import { attribute, flag, type XmlHandler, XmlScanner } from './xml-scanner.ts';
import { readZipDirectory, type ZipPart } from './zip-directory.ts';

const MOST_PARTS = 20_000;
const MOST_SHEETS = 1000;
/** A part may not unpack to more than this, nor, once it is large, to so many times its size: then it holds next to nothing. */
const MOST_UNPACKED = 4_000_000_000;
const LARGE = 100_000_000;
const MOST_GROWTH = 400;

export interface XlsxSheet {
  readonly name: string;
  /** Where its cells lie; undefined for a sheet that holds only a chart. */
  readonly path: string | undefined;
  readonly hidden: boolean;
}

/** A name that stands for a range or a formula. */
export interface XlsxName {
  readonly name: string;
  readonly formula: string;
  /** The sheet it holds for, by its place in the workbook; undefined for all. */
  readonly sheet: number | undefined;
}

/** An XLSX file by its parts. Parts are unpacked as they are read, each within bounds; the file itself is read by ranges. */
export class XlsxPackage {
  readonly #source: FileSource;
  readonly #entries: ReadonlyMap<string, ZipPart>;
  readonly #signal: AbortSignal | undefined;
  sheets: readonly XlsxSheet[] = [];
  names: readonly XlsxName[] = [];
  /** Whether days count from 1904 rather than from 1900. */
  from1904 = false;
  stringsPath: string | undefined;
  stylesPath: string | undefined;
  themePath: string | undefined;

  private constructor(source: FileSource, entries: ReadonlyMap<string, ZipPart>, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#entries = entries;
    this.#signal = signal;
  }

  /** @throws TableError where the file is damaged, locked or no workbook. */
  static async open(source: FileSource, signal?: AbortSignal): Promise<XlsxPackage> {
    return await naming(source.name, signal, async () => {
      const entries = await readZipDirectory(source, MOST_PARTS);
      const opened = new XlsxPackage(source, entries, signal);
      await opened.#readWorkbook();
      return opened;
    });
  }

  /** The names of all parts. */
  paths(): string[] {
    return [...this.#entries.keys()];
  }

  has(path: string): boolean {
    return this.#entries.has(path);
  }

  /** Reads a part through the handler. */
  async scan(path: string, handler: XmlHandler): Promise<void> {
    await this.naming(async () => {
      const scanner = new XmlScanner(handler);
      for await (const piece of this.pieces(path)) scanner.push(piece);
      scanner.end();
    });
  }

  /** Lets what goes wrong in `read` name this file. */
  naming<V>(read: () => Promise<V>): Promise<V> {
    return naming(this.#source.name, this.#signal, read);
  }

  /** A part as text, piece by piece. @throws Error where it unpacks beyond bounds. */
  async *pieces(path: string): AsyncGenerator<string> {
    const entry = this.#entries.get(path);
    if (!entry) throw new Error(`its part '${path}' is missing`);
    const decoder = new TextDecoder();
    const most = Math.min(MOST_UNPACKED, Math.max(LARGE, entry.packed * MOST_GROWTH));
    let size = 0;
    for await (const piece of unpack(this.#source, entry)) {
      this.#signal?.throwIfAborted();
      size += piece.length;
      if (size > most) throw new Error(`its part '${path}' unpacks to far more than it should`);
      yield decoder.decode(piece, { stream: true });
    }
    const last = decoder.decode();
    if (last !== '') yield last;
  }

  /** What a part refers to, by id. */
  async relations(path: string): Promise<ReadonlyMap<string, XlsxRelation>> {
    const slash = path.lastIndexOf('/') + 1;
    const relations = new Map<string, XlsxRelation>();
    const at = `${path.slice(0, slash)}_rels/${path.slice(slash)}.rels`;
    if (!this.has(at)) return relations;
    const folder = path.slice(0, slash);
    await this.scan(at, {
      open: (name, attributes) => {
        if (name !== 'Relationship') return;
        const target = attribute(attributes, 'Target') ?? '';
        const external = attribute(attributes, 'TargetMode') === 'External';
        relations.set(attribute(attributes, 'Id') ?? '', {
          kind: (attribute(attributes, 'Type') ?? '').replace(/^.*\//, ''),
          target: external ? target : within(folder, target),
          external,
        });
      },
    });
    return relations;
  }

  async #readWorkbook(): Promise<void> {
    const root = [...(await this.relations('')).values()].find(({ kind }) => kind === 'officeDocument');
    const path = root?.target ?? 'xl/workbook.xml';
    if (!this.has(path)) throw new Error('it has no workbook in it');
    const relations = await this.relations(path);
    const pathOf = (kind: string): string | undefined => {
      const target = [...relations.values()].find((relation) => relation.kind === kind)?.target;
      return target !== undefined && this.has(target) ? target : undefined;
    };
    this.stringsPath = pathOf('sharedStrings');
    this.stylesPath = pathOf('styles');
    this.themePath = pathOf('theme');
    const sheets: XlsxSheet[] = [];
    const names: XlsxName[] = [];
    let named: { name: string; sheet: number | undefined; hidden: boolean } | undefined;
    let formula = '';
    await this.scan(path, {
      open: (name, attributes) => {
        if (name === 'workbookPr') this.from1904 = flag(attributes, 'date1904');
        if (name === 'sheet') {
          if (sheets.length >= MOST_SHEETS) throw new Error(`it has more than ${MOST_SHEETS} sheets`);
          const relation = relations.get(attribute(attributes, 'id') ?? '');
          sheets.push({
            name: attribute(attributes, 'name') ?? `Sheet${sheets.length + 1}`,
            path: relation?.kind === 'worksheet' && this.has(relation.target) ? relation.target : undefined,
            hidden: (attribute(attributes, 'state') ?? 'visible') !== 'visible',
          });
        }
        if (name === 'definedName') {
          const sheet = attribute(attributes, 'localSheetId');
          named = {
            name: attribute(attributes, 'name') ?? '',
            sheet: sheet === undefined ? undefined : Number(sheet),
            hidden: flag(attributes, 'hidden'),
          };
          formula = '';
        }
      },
      text: (piece) => {
        if (named) formula += piece;
      },
      close: (name) => {
        if (name !== 'definedName' || !named) return;
        if (!named.hidden && !named.name.startsWith('_xlnm.')) names.push({ ...named, formula });
        named = undefined;
      },
    });
    if (sheets.length === 0) throw new Error('it has no sheets');
    this.sheets = sheets;
    this.names = names;
  }
}

export interface XlsxRelation {
  readonly kind: string;
  /** A path in the package, or an address where it is external. */
  readonly target: string;
  readonly external: boolean;
}

/** A path that a part gives for another, within the package whatever it says. */
function within(folder: string, target: string): string {
  const steps = target.startsWith('/') ? [] : folder.split('/').filter((step) => step !== '');
  for (const step of target.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}

async function naming<V>(file: string, signal: AbortSignal | undefined, read: () => Promise<V>): Promise<V> {
  try {
    return await read();
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof TableError) throw cause;
    throw new TableError(
      'bad-file',
      `'${file}' is damaged, locked by a password or no XLSX workbook: ${(cause as Error).message}. Save it again as .xlsx.`,
      { file },
      cause,
    );
  }
}
