import { valueAt } from '@patron/sdk';
import { deleteDB, openDB } from 'idb';
import { afterEach, expect, test } from 'vitest';
import { blobSource } from './file-source.ts';
import { TableStore } from './table-store.ts';

const database = `test-${crypto.randomUUID()}`;
const put = IDBObjectStore.prototype.put;

/** Refuses chunks beyond so many bytes, as the browser does when the disk is full. */
function limitChunks(bytes: number): void {
  let written = 0;
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
    if (value instanceof ArrayBuffer) written += value.byteLength;
    if (written > bytes) {
      this.transaction.abort();
      throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    }
    return key === undefined ? put.call(this, value) : put.call(this, value, key);
  };
}

afterEach(async () => {
  IDBObjectStore.prototype.put = put;
  await deleteDB(database);
});

test('says so when the storage is full, keeps what was there, and goes on once there is room', async () => {
  const store = await TableStore.open(database);
  const small = await store.importFile(blobSource(new Blob(['a,b\n1,x\n2,y\n']), 'small.csv'), { workbook: 'w' });
  let text = 'word,amount\n';
  for (let i = 0; i < 200_000; i++) text += `${crypto.randomUUID()},${i}\n`;
  const big = blobSource(new Blob([text]), 'big.csv');
  for (const limit of [0, 1_000_000, 5_000_000]) {
    limitChunks(limit);
    const refused = store.importFile(big, { workbook: 'w', tableId: small.meta.id });
    await expect(refused).rejects.toMatchObject({ code: 'storage-full', name: 'TableError' });
    IDBObjectStore.prototype.put = put;
    const [only] = await store.list('w');
    expect(only).toMatchObject({ id: small.meta.id, version: 1, rows: 2 });
    const [{ column }] = await store.readColumns(only.id, ['b']);
    expect(valueAt(column, 1)).toBe('y');
    const raw = await openDB(database);
    const batches = new Set((await raw.getAllKeys('chunks')).map((key) => (key as [string])[0]));
    expect([batches.size, await raw.count('writes')]).toEqual([1, 0]);
    raw.close();
  }
  const { meta } = await store.importFile(big, { workbook: 'w', tableId: small.meta.id });
  expect(meta).toMatchObject({ version: 2, rows: 200_000 });
  store.close();
});
