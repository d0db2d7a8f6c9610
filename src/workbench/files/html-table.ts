const LARGEST = 5_000_000;
const MOST_ROWS = 50_000;
/** Stands for a `br` while blanks are joined. */
const LINE_END = '\u0001';

/**
 * The largest table of a piece of HTML as tab-separated text, with what merged cells cover left empty; undefined where there is
 * none. The HTML is only read: nothing in it is run, fetched or shown.
 */
export function tableText(html: string): string | undefined {
  if (html.length > LARGEST || !/<table/i.test(html)) return undefined;
  const page = new DOMParser().parseFromString(html, 'text/html');
  for (const end of page.querySelectorAll('br')) end.replaceWith(LINE_END);
  const tables = [...page.querySelectorAll('table')];
  const largest = tables.reduce<HTMLTableElement | undefined>(
    (best, table) => (best && best.rows.length >= table.rows.length ? best : table),
    undefined,
  );
  if (!largest || largest.rows.length === 0) return undefined;
  const taken: boolean[][] = [];
  const lines = [...largest.rows].slice(0, MOST_ROWS).map((row, at) => {
    const fields: string[] = [];
    let column = 0;
    for (const cell of row.cells) {
      while (taken[at]?.[column]) column++;
      fields[column] = quoted(cell.textContent ?? '');
      const wide = Math.min(1000, Math.max(1, cell.colSpan));
      for (let below = 0; below < Math.min(1000, Math.max(1, cell.rowSpan)); below++) {
        taken[at + below] ??= [];
        for (let beside = 0; beside < wide; beside++) taken[at + below][column + beside] = true;
      }
      column += wide;
    }
    return Array.from({ length: Math.max(column, fields.length) }, (_, index) => fields[index] ?? '').join('\t');
  });
  return lines.join('\n');
}

function quoted(text: string): string {
  const plain = text
    .replace(/\s+/g, ' ')
    .replaceAll(LINE_END, '\n')
    .replace(/ ?\n ?/g, '\n')
    .trim();
  return /["\t\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
