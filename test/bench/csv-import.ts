/** The four columns of the generated order file, and how many rows and customers it has. */
export const CSV_ROWS = 2_000_000;
export const CSV_CUSTOMERS = 1_000_000;
const DAYS = 1000;
const FIRST_DAY = Date.UTC(2022, 0, 1) / 86_400_000;

/** Mulberry32, by T. Ettinger: the same numbers everywhere from one seed. */
export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * An order file as CSV bytes: customer (C and digits, skewed so that some buy often), date, amount with cents, qty. The
 * same bytes for the same arguments; about 28 bytes a row.
 */
export function orderCsv(rows = CSV_ROWS, customers = CSV_CUSTOMERS, seed = 1): Uint8Array<ArrayBuffer> {
  const random = mulberry32(seed);
  const encoder = new TextEncoder();
  let bytes = new Uint8Array(rows * 30 + 64);
  let end = encoder.encodeInto('customer,date,amount,qty\n', bytes).written;
  const dates = Array.from({ length: DAYS }, (_, day) =>
    new Date((FIRST_DAY + day) * 86_400_000).toISOString().slice(0, 10),
  );
  let text = '';
  for (let i = 0; i < rows; i++) {
    const customer = Math.floor(random() ** 1.5 * customers);
    const date = dates[Math.floor(random() * DAYS)];
    const cents = Math.floor(random() * 20_000) + 100;
    const quantity = 1 + Math.floor(random() * 9);
    text += `C${customer},${date},${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')},${quantity}\n`;
    if (text.length > 60_000 || i === rows - 1) {
      if (end + text.length > bytes.length) {
        const wider = new Uint8Array(bytes.length * 2);
        wider.set(bytes);
        bytes = wider;
      }
      end += encoder.encodeInto(text, bytes.subarray(end)).written;
      text = '';
    }
  }
  return bytes.slice(0, end);
}

/** What one import took, and what it gave, so that peers can be held to the same answer. */
export interface CsvImportTiming {
  /** To columns in memory. */
  readonly milliseconds: number;
  /** To a table in IndexedDB. */
  readonly stored?: number;
  readonly rows: number;
  readonly distinctCustomers: number;
  readonly amountCents: number;
  readonly quantity: number;
}
