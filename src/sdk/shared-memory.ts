/** Whether an array lies in memory that several threads see, so that handing it to a kernel costs nothing. */
export function isShared({ buffer }: ArrayBufferView): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;
}
