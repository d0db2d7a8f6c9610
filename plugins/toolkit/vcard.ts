import { AnalysisError, type Importer, message, stringColumn } from '@patron/sdk';

/** The columns of a contacts table, each with how it is read from the properties of a card. */
const columns: readonly (readonly [string, (card: Card) => string | undefined])[] = [
  ['name', (card) => card.get('FN')?.[0] ?? (card.get('N')?.[0] && nameOf(card.get('N')?.[0] as string))],
  ['firstName', (card) => part(card.get('N')?.[0], 1)],
  ['lastName', (card) => part(card.get('N')?.[0], 0)],
  ['organization', (card) => part(card.get('ORG')?.[0], 0)],
  ['title', (card) => card.get('TITLE')?.[0]],
  ['email', (card) => card.get('EMAIL')?.[0]],
  ['phone', (card) => card.get('TEL')?.[0]?.replace(/^tel:/i, '')],
  ['birthday', (card) => dayOf(card.get('BDAY')?.[0])],
];

/** The values of a card by property name, in upper case. */
type Card = ReadonlyMap<string, readonly string[]>;

/**
 * Reads an address book: vCard 2.1, 3.0 and 4.0 (RFC 6350), with folded lines, groups and quoted-printable values. Of several
 * values of a property the first counts.
 * @throws AnalysisError where there is no card.
 */
export const readContacts: Importer = ({ bytes }) => {
  const cards = cardsOf(new TextDecoder().decode(bytes));
  if (cards.length === 0) throw new AnalysisError('The file holds no contact.', { text: message('vcard.none') });
  return {
    columns: columns.map(([name, read]) => ({
      name,
      column: stringColumn(cards.map((card) => read(card)?.trim() || null)),
    })),
  };
};

function cardsOf(text: string): Card[] {
  // A line that begins with a blank goes on the one before; a quoted-printable value goes on after a trailing "=".
  const lines = text
    .replace(/=\r?\n/g, '')
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r?\n/);
  const cards: Card[] = [];
  let card: Map<string, string[]> | undefined;
  for (const line of lines) {
    const match = /^(?:[\w-]+\.)?([\w-]+)((?:;[^:]*)?):(.*)$/.exec(line);
    if (!match) continue;
    const [, property, parameters, value] = match;
    const name = property.toUpperCase();
    if (name === 'BEGIN') card = new Map();
    else if (name === 'END' && card) {
      cards.push(card);
      card = undefined;
    } else if (card) card.set(name, [...(card.get(name) ?? []), decoded(value, parameters)]);
  }
  return cards;
}

function decoded(value: string, parameters: string): string {
  const plain = /QUOTED-PRINTABLE/i.test(parameters) ? fromQuotedPrintable(value) : value;
  return plain.replace(/\\([nN,;\\])/g, (_whole, escaped: string) => (/n/i.test(escaped) ? '\n' : escaped));
}

function fromQuotedPrintable(value: string): string {
  const bytes: number[] = [];
  for (let i = 0; i < value.length; i++) {
    const code = value[i] === '=' ? Number.parseInt(value.slice(i + 1, i + 3), 16) : Number.NaN;
    if (Number.isNaN(code)) bytes.push(...new TextEncoder().encode(value[i]));
    else {
      bytes.push(code);
      i += 2;
    }
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

const part = (value: string | undefined, index: number): string | undefined => value?.split(';')[index];

/** Family;Given;Middle;Prefix;Suffix as people write it. */
function nameOf(value: string): string {
  const [family = '', given = '', middle = ''] = value.split(';');
  return [given, middle, family].filter(Boolean).join(' ');
}

function dayOf(value: string | undefined): string | undefined {
  const match = value && /^(\d{4})-?(\d{2})-?(\d{2})/.exec(value);
  return match ? `${match[1]}-${match[2]}-${match[3]}` : undefined;
}
