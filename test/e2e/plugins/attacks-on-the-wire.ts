import { type AttackCase, wire } from './attack-case.ts';

const protocol: AttackCase[] = [
  wire(
    'sets __proto__ by a message',
    `port.postMessage({ t: 'res', id, v: JSON.parse('{"__proto__": {"polluted": 1}}') }); return;`,
  ),
  wire(
    'asks for the method constructor',
    "port.postMessage({ t: 'req', id: 1, m: 'constructor', a: ['return 1'] }); return (await answer).v;",
    'contained',
  ),
  wire(
    'asks for the method __proto__',
    "port.postMessage({ t: 'req', id: 1, m: '__proto__', a: {} }); return (await answer).v;",
    'contained',
  ),
  wire(
    'asks for the method toString',
    "port.postMessage({ t: 'req', id: 1, m: 'toString', a: {} }); return (await answer).v;",
    'contained',
  ),
  wire(
    'runs a command that is not open',
    "port.postMessage({ t: 'req', id: 1, m: 'command.execute', a: { id: 'app.secret', argument: null } }); return (await answer).v;",
    'contained',
  ),
  wire(
    'reads a table without the permission',
    "port.postMessage({ t: 'req', id: 1, m: 'table.read', a: { name: 'orders' } }); return (await answer).v;",
    'contained',
  ),
  wire(
    'writes to the clipboard without the permission',
    "port.postMessage({ t: 'req', id: 1, m: 'clipboard.write', a: { text: 'x' } }); return (await answer).v;",
    'contained',
  ),
  wire(
    'saves a file without the permission',
    "port.postMessage({ t: 'req', id: 1, m: 'file.save', a: { name: 'x', bytes: new Uint8Array(1) } }); return (await answer).v;",
    'contained',
  ),
  wire(
    'speaks comlink',
    "port.postMessage({ id: 'x', type: 'SET', path: ['__proto__', 'polluted'], value: { type: 'RAW', value: 1 } }); return;",
  ),
  wire('uses an id twice', "for (const m of ['a', 'b']) port.postMessage({ t: 'req', id: 5, m, a: null }); return;"),
  wire('uses a negative id', "port.postMessage({ t: 'req', id: -1, m: 'a', a: null }); return;"),
  wire(
    'answers what was never asked',
    "for (const i of [7, 8, 9e9]) port.postMessage({ t: 'res', id: i, v: 'forged' }); return '';",
    'contained',
  ),
  wire(
    'answers twice',
    "for (let i = 0; i < 100; i++) port.postMessage({ t: 'res', id: id + 1, v: 'forged' }); return '';",
    'contained',
  ),
  wire(
    'passes itself off as the host',
    "port.postMessage({ t: 'init', api: 1, plugin: { id: 'test.innocent', version: '1.0.0' }, locale: '', settings: {}, texts: {} }); return;",
  ),
  wire('tells the host to stop', "port.postMessage({ t: 'stop', reason: 'shutdown' }); return;"),
  wire(
    'smuggles a port',
    "const { port1, port2 } = new MessageChannel(); port.postMessage({ t: 'res', id, v: 1 }, [port1]); port2.close(); return;",
  ),
  wire(
    'smuggles a port in an answer',
    "const { port1 } = new MessageChannel(); port.postMessage({ t: 'res', id, v: { port1 } }, [port1]); return;",
  ),
  wire('sends a map', "port.postMessage({ t: 'res', id, v: new Map([['a', 1]]) }); return;"),
  wire('sends a blob', "port.postMessage({ t: 'res', id, v: new Blob(['x']) }); return;"),
  wire('sends an error', "port.postMessage({ t: 'res', id, v: new Error('x') }); return;"),
  wire('sends a cycle', "const v = {}; v.v = v; port.postMessage({ t: 'res', id, v }); return;"),
  wire(
    'sends what is nested a thousand deep',
    "let v = 1; for (let i = 0; i < 1000; i++) v = [v]; port.postMessage({ t: 'res', id, v }); return;",
  ),
  wire(
    'sends what refers to itself again and again',
    "let v = [1]; for (let i = 0; i < 60; i++) v = [v, v]; port.postMessage({ t: 'res', id, v }); return;",
  ),
  wire('sends a text of a hundred megabytes', "port.postMessage({ t: 'res', id, v: 'x'.repeat(1e8) }); return;"),
  wire(
    'sends a list of five million numbers',
    "port.postMessage({ t: 'res', id, v: new Array(5e6).fill(1) }); return;",
  ),
  wire(
    'sends a million objects',
    "port.postMessage({ t: 'res', id, v: Array.from({ length: 1e6 }, (_, i) => ({ i })) }); return;",
  ),
  wire(
    'sends an error text without end',
    "port.postMessage({ t: 'err', id, e: { code: 'failed', message: 'x'.repeat(1e6) } }); return;",
  ),
  wire(
    'floods the log',
    "for (let i = 0; i < 1e5; i++) port.postMessage({ t: 'log', level: 'info', text: 'x' }); return;",
  ),
  wire(
    'floods with progress',
    "for (let i = 0; i < 1e5; i++) port.postMessage({ t: 'progress', id, done: i, total: 1e5 }); return;",
  ),
  wire(
    'floods with calls',
    "for (let i = 1; i < 1e5; i++) port.postMessage({ t: 'req', id: i, m: 'command.execute', a: {} }); return;",
  ),
  wire(
    'floods with large messages',
    "for (let i = 0; i < 200; i++) port.postMessage({ t: 'log', level: 'info', text: 'x'.repeat(19999) }); for (let i = 0; i < 1e4; i++) port.postMessage({ t: 'res', id: 99, v: new Array(2e5).fill(1) }); return;",
  ),
  wire(
    'claims to be ready again, as another',
    "port.postMessage({ t: 'ready', provides: [{ point: 'analyses', id: 'innocent.run' }] }); return '';",
    'contained',
  ),
  wire(
    'gives back a figure that is none',
    "port.postMessage({ t: 'res', id, v: { metrics: { a: { value: NaN } }, tables: {}, charts: [], notes: [] } }); return;",
    'refused',
  ),
  wire(
    'gives back a column that reads out of bounds',
    "const column = { type: 'string', layout: 'dictionary', length: 2, codes: Uint8Array.of(0, 9), dictionary: { offsets: Uint32Array.of(0, 1), bytes: new Uint8Array(1) } }; port.postMessage({ t: 'res', id, v: { metrics: {}, tables: { t: { columns: [{ name: 'c', column }] } }, charts: [], notes: [] } }); return;",
    'refused',
  ),
  wire(
    'gives back markup as a chart option',
    "port.postMessage({ t: 'res', id, v: { metrics: {}, tables: {}, charts: [{ kind: 'bar', id: 'x', title: 'x', categories: [], series: [], value: {}, tooltip: { formatter: '<img src=x onerror=alert(1)>' } }], notes: [] } }); return;",
    'refused',
  ),
  wire(
    'gives back HTML as a note',
    "port.postMessage({ t: 'res', id, v: { metrics: {}, tables: {}, charts: [], notes: [{ level: 'info', text: 'x', html: '<script>' }] } }); return;",
    'refused',
  ),
];

const parts: AttackCase[] = [
  wire(
    'fills a part into the prototype of all objects',
    "port.postMessage({ t: 'part', buffer: new ArrayBuffer(8) }); port.postMessage({ t: 'parted', holes: [{ path: ['__proto__', 'polluted'], part: 0, kind: 'Uint8Array', offset: 0, length: 8 }], message: { t: 'res', id, v: {} } }); return;",
  ),
  wire(
    'fills a part into a constructor',
    "port.postMessage({ t: 'part', buffer: new ArrayBuffer(8) }); port.postMessage({ t: 'parted', holes: [{ path: ['constructor', 'prototype'], part: 0, kind: 'constructor', offset: 0, length: 8 }], message: { t: 'res', id, v: null } }); return;",
  ),
  wire(
    'sees more of a part than there is',
    "port.postMessage({ t: 'part', buffer: new ArrayBuffer(8) }); port.postMessage({ t: 'parted', holes: [{ path: ['v'], part: 0, kind: 'Float64Array', offset: 0, length: 1e9 }], message: { t: 'res', id, v: null } }); return;",
  ),
  wire(
    'sends parts without end',
    "for (let i = 0; i < 1e5; i++) port.postMessage({ t: 'part', buffer: new ArrayBuffer(8) }); return;",
  ),
  wire(
    'hides a message that may not pass in parts',
    "port.postMessage({ t: 'parted', holes: [], message: { t: 'init', api: 1, plugin: { id: 'a', version: '1' }, locale: '', settings: {}, texts: {}, threads: 1 } }); return;",
  ),
  wire(
    'smuggles the shared memory of WebAssembly',
    "const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }); try { port.postMessage({ t: 'res', id, v: new Uint8Array(buffer) }); } catch { return ''; } return;",
    'either',
  ),
  wire(
    'smuggles a resizable buffer that it goes on to change',
    "const buffer = new ArrayBuffer(8, { maxByteLength: 64 }); const column = { type: 'number', length: 1, scale: 1, values: new Float64Array(buffer) }; port.postMessage({ t: 'res', id, v: { metrics: {}, tables: { t: { columns: [{ name: 'c', column }] } }, charts: [], notes: [] } }); buffer.resize(0); return;",
  ),
  {
    name: 'waits for what never comes',
    body: 'Atomics.wait(new Int32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer), 0, 0); return "";',
    ends: 'cancelled',
  },
];

const asking = (name: string, method: string, argument: string): AttackCase =>
  wire(
    name,
    `port.postMessage({ t: 'req', id: 1, m: '${method}', a: ${argument} }); return (await answer).v;`,
    'contained',
  );
const misplaced: AttackCase[] = [
  asking(
    'opens a form of the app while no command of it runs',
    'command.execute',
    "{ id: 'app.open', argument: null }",
  ),
  asking('asks an engine that nobody chose', 'engine.ask', "{ reduction: 'sums', columns: {}, options: {} }"),
  asking(
    'has an engine read columns that are none',
    'engine.ask',
    "{ reduction: '__proto__', columns: { a: 1 }, options: {} }",
  ),
];

const heavy = (name: string, value: string): AttackCase =>
  wire(
    name,
    `port.postMessage({ t: 'res', id, v: { metrics: {}, tables: {}, charts: [], notes: [], ...${value} } }); return;`,
    'refused',
  );
const oversized: AttackCase[] = [
  heavy(
    'gives back a chart of a hundred thousand flows',
    "{ charts: [{ kind: 'sankey', id: 'x', title: 'x', nodes: ['a', 'b'], links: new Array(50_000).fill({ source: 0, target: 1, value: 1 }) }] }",
  ),
  heavy(
    'gives back a thousand charts',
    "{ charts: new Array(1000).fill({ kind: 'bar', id: 'x', title: 'x', categories: [], series: [], value: {} }) }",
  ),
  heavy(
    'gives back millions of cells for the report',
    "{ tables: { t: { columns: Array.from({ length: 5000 }, (_, i) => ({ name: 'c' + i, column: { type: 'number', length: 1000, scale: 1, values: new Uint8Array(1000) } })) } } }",
  ),
  heavy('gives back a note without end', "{ notes: [{ level: 'info', text: 'x'.repeat(1e6) }] }"),
];

/** Attacks on the protocol between host and plugin. */
export const wireAttacks: readonly AttackCase[] = [...protocol, ...parts, ...misplaced, ...oversized];
