/** One press: modifiers in a fixed order and the key, e.g. `ctrl+shift+r`. */
export type Press = string;

const modifiers = ['ctrl', 'shift', 'alt', 'meta'] as const;
type Modifier = (typeof modifiers)[number];

const aliases: Readonly<Record<string, string>> = {
  cmd: 'meta',
  command: 'meta',
  win: 'meta',
  control: 'ctrl',
  option: 'alt',
  esc: 'escape',
  return: 'enter',
  del: 'delete',
  ins: 'insert',
  up: 'arrowup',
  down: 'arrowdown',
  left: 'arrowleft',
  right: 'arrowright',
  spacebar: 'space',
  plus: '+',
};

const keyName =
  /^([a-z0-9]|f\d{1,2}|[`\-=[\]\\;',./+]|enter|escape|space|tab|delete|backspace|insert|home|end|pageup|pagedown|arrow(up|down|left|right))$/;

/**
 * The presses of a binding in their fixed form: `Mod+Shift+R` on a PC is `['ctrl+shift+r']`, `mod+k mod+r` is two presses.
 * Undefined where it does not read.
 */
export function parseKeys(binding: string, mac = false): Press[] | undefined {
  const presses = binding
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .map((press) => parsePress(press, mac));
  if (presses.length > 2 || presses.includes(undefined)) return undefined;
  return presses as Press[];
}

/** What a person types, edits, finds, saves and gets help with, whatever a plugin would like. */
const everyones = /^(ctrl|meta)\+[acefhnopqrstvwxyz]$|^(ctrl\+shift|shift\+meta)\+[pz]$|^(shift\+)?f(1|2|5|6|11|12)$/;

/** Whether plugins may bind these presses: none that type or edit, none that mean the same in every program. */
export function isForPlugins(presses: readonly Press[]): boolean {
  const [first] = presses;
  return !everyones.test(first) && (/^((ctrl|alt|meta)\+|shift\+(ctrl|alt|meta)\+)/.test(first) || /^f\d/.test(first));
}

function parsePress(press: string, mac: boolean): Press | undefined {
  const parts = press.split('+').map((part) => (part === 'mod' ? (mac ? 'meta' : 'ctrl') : (aliases[part] ?? part)));
  const key = parts.pop() as string;
  if (!keyName.test(key)) return undefined;
  if (!parts.every((part): part is Modifier => (modifiers as readonly string[]).includes(part))) return undefined;
  return [...modifiers.filter((modifier) => parts.includes(modifier)), key].join('+');
}

/** What of a KeyboardEvent matters here. */
export interface KeyPress {
  readonly key: string;
  readonly code?: string;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** The press in its fixed form; undefined where only a modifier is down. */
export function pressOf(event: KeyPress): Press | undefined {
  const named = event.key === ' ' ? 'space' : event.key.toLowerCase();
  if (['control', 'shift', 'alt', 'meta', 'dead', 'process', 'unidentified'].includes(named)) return undefined;
  // With Shift or Alt the key is what it types ("R", "®"), so letters and digits are taken from the key cap.
  const cap = /^(?:Key|Digit)([A-Z0-9])$/.exec(event.code ?? '')?.[1]?.toLowerCase();
  const latin = /^[a-z0-9]$/.test(named);
  const key = cap !== undefined && (!latin || event.shiftKey || event.altKey) ? cap : named;
  const down = [event.ctrlKey && 'ctrl', event.shiftKey && 'shift', event.altKey && 'alt', event.metaKey && 'meta'];
  return [...down.filter(Boolean), key].join('+');
}

/** The presses as a person reads them: `Ctrl+Shift+R`, on a Mac `⇧⌘R`. */
export function keysLabel(presses: readonly Press[], mac = false): string {
  return presses.map((press) => (mac ? macLabel(press) : pcLabel(press))).join(' ');
}

const capital = (word: string): string =>
  word.startsWith('arrow') ? capital(word.slice(5)) : word.charAt(0).toUpperCase() + word.slice(1);

function pcLabel(press: Press): string {
  return partsOf(press)
    .map((part) => (part === 'meta' ? 'Win' : capital(part)))
    .join('+');
}

function macLabel(press: Press): string {
  const symbols: Record<string, string> = { ctrl: '⌃', alt: '⌥', shift: '⇧', meta: '⌘' };
  const order = ['ctrl', 'alt', 'shift', 'meta'];
  const parts = partsOf(press);
  const key = parts[parts.length - 1];
  const held = order.filter((modifier) => parts.slice(0, -1).includes(modifier));
  return held.map((modifier) => symbols[modifier]).join('') + capital(key);
}

function partsOf(press: Press): string[] {
  if (press.endsWith('++')) return [...press.slice(0, -2).split('+'), '+'];
  return press === '+' ? ['+'] : press.split('+');
}
