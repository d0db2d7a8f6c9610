const LONGEST = 60;

/** A sheet's name that is not taken: the one that is wanted, or that with a number. */
export function freeSheetName(wanted: string, taken: readonly string[]): string {
  const used = new Set(taken.map((name) => name.toLowerCase()));
  const base =
    wanted
      .replace(/[\\/?*[\]:']/g, ' ')
      .trim()
      .slice(0, LONGEST) || 'Sheet';
  let name = base;
  for (let number = 2; used.has(name.toLowerCase()); number++) name = `${base} (${number})`;
  return name;
}

/** A name that Excel takes: at most 31 characters, none of those that it refuses. */
export function excelSheetName(name: string): string {
  const plain = name
    .replace(/[[\]:*?/\\]/g, ' ')
    .replace(/^'+|'+$/g, '')
    .trim();
  return [...(plain || 'Sheet')].slice(0, 31).join('');
}
