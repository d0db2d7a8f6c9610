/** Hands a file to the browser's downloads. */
export function download(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads the address after this task; it is let go of once that has surely happened.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** A file name from any name: characters that file systems refuse become spaces. */
export function fileNameOf(name: string, extension: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what file systems refuse.
  const plain = name.replace(/[\\/:*?"<>|\u0000-\u001f]+/g, ' ').trim() || 'Patron';
  return `${plain}.${extension}`;
}
