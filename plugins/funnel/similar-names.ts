/** Up to three of `names` that look most like `wanted`: one holds the other, or few letters differ. */
export function similarNames(wanted: string, names: readonly string[]): string[] {
  const plain = wanted.toLowerCase();
  return names
    .map((name) => ({ name, distance: likeness(plain, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(2, Math.min(plain.length, name.length) / 2))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

function likeness(a: string, b: string): number {
  if (a !== '' && b !== '' && (a.includes(b) || b.includes(a))) return 1;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
}
