/** The parts of the File System Access API that browsers with it have and the DOM's types lack. */
export interface FileAccess {
  showSaveFilePicker?(options: {
    suggestedName: string;
    types: { description: string; accept: Record<string, string[]> }[];
  }): Promise<FileSystemFileHandle>;
}

interface Permitting {
  queryPermission?(request: { mode: 'readwrite' }): Promise<PermissionState>;
  requestPermission?(request: { mode: 'readwrite' }): Promise<PermissionState>;
}

/** Whether files can be saved to a place that the user chooses and is remembered. */
export function canChooseFile(): boolean {
  return typeof (window as FileAccess).showSaveFilePicker === 'function';
}

/** Asks where to save. Null where the user changes their mind. */
export async function chooseSaveFile(suggestedName: string, kind: string): Promise<FileSystemFileHandle | null> {
  try {
    const handle = await (window as FileAccess).showSaveFilePicker?.({
      suggestedName,
      types: [{ description: kind, accept: { 'application/vnd.patron.workbook+zip': ['.patron'] } }],
    });
    return handle ?? null;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}

/** Whether the remembered file may be written to, asking the user where the browser wants that. */
export async function mayWrite(handle: FileSystemFileHandle): Promise<boolean> {
  const permitting = handle as FileSystemFileHandle & Permitting;
  const now = (await permitting.queryPermission?.({ mode: 'readwrite' })) ?? 'granted';
  if (now !== 'prompt') return now === 'granted';
  return (await permitting.requestPermission?.({ mode: 'readwrite' })) === 'granted';
}
