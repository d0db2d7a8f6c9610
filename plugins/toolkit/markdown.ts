import { type Exporter, valueAt } from '@patron/sdk';

/** Writes a table as a Markdown table; numbers stand right. */
export const writeMarkdown: Exporter = async ({ columns }, { progress, checkpoint }) => {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const parts = [
    line(columns.map(({ name }) => escaped(name))),
    line(columns.map(({ column }) => (column.type === 'number' || column.type === 'integer' ? '---:' : '---'))),
  ];
  const rows = columns[0]?.column.length ?? 0;
  for (let row = 0; row < rows; row++) {
    parts.push(line(columns.map(({ column }) => escaped(String(valueAt(column, row) ?? '')))));
    if (row % 4096 === 0) {
      progress(row, rows);
      await checkpoint();
    }
  }
  return new TextEncoder().encode(parts.join(''));
};

/** What would end a cell or a line, or start a tag, as text. */
function escaped(text: string): string {
  return text.replace(/[\\|]/g, '\\$&').replace(/</g, '&lt;').replace(/\r?\n/g, '<br>');
}
