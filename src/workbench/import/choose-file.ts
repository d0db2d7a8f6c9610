/** Asks the user for a file by the browser's own dialog. Null where they change their mind. */
export function chooseFile(): Promise<File | null> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = '.csv,.tsv,.txt,.tab,.json,.jsonl,.ndjson,.xlsx,.parquet,.arrow,.gz,text/*';
    input.addEventListener('change', () => resolve(input.files?.[0] ?? null), { once: true });
    input.addEventListener('cancel', () => resolve(null), { once: true });
    input.click();
  });
}
