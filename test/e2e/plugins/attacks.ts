/**
 * What a hostile plugin tries. The body of each is the body of an async function that returns something true where the
 * attack got through. `contained`: the body ran and got nothing; `stopped`: the host ended the plugin; `refused`: the plugin
 * did not start, or its result was not taken.
 */
export interface AttackCase {
  readonly name: string;
  readonly body: string;
  readonly ends: 'contained' | 'stopped' | 'refused' | 'cancelled' | 'either';
  /** Speaks the protocol itself, without the platform's end. Bodies then have `port`, `id` and `answer(value)`. */
  readonly raw?: boolean;
  /** The whole bundle, where the attack is not in the analysis. */
  readonly bundle?: string;
}

const network = (name: string, body: string): AttackCase[] => [
  { name: `${name}, behind the platform's end`, body, ends: 'contained' },
  { name: `${name}, with a protocol of its own`, body, ends: 'contained', raw: true },
];
const opened = (make: string, good: string): string =>
  `const it = ${make}; return await new Promise((done) => { it.${good} = () => done('open'); it.onerror = () => done(''); setTimeout(() => done(''), 800); });`;

const reach: AttackCase[] = [
  ...network('fetches from its own server', "return (await fetch(HERE + 'hit?fetch')).ok;"),
  ...network('fetches from elsewhere', "return (await fetch(ELSEWHERE + 'hit?fetch')).ok;"),
  ...network('fetches without asking', "await fetch(ELSEWHERE + 'hit?no-cors', { mode: 'no-cors' }); return 'sent';"),
  ...network(
    'sends an XMLHttpRequest',
    "const x = new XMLHttpRequest(); x.open('POST', HERE + 'hit?xhr', false); x.send('secret'); return x.status === 200;",
  ),
  ...network('opens a WebSocket', opened("new WebSocket(HERE.replace('http', 'ws') + 'hit?ws')", 'onopen')),
  ...network('opens an EventSource', opened("new EventSource(HERE + 'hit?events')", 'onopen')),
  ...network('imports a script', "importScripts(HERE + 'hit?importScripts'); return 'ran';"),
  ...network('imports a module', "await import(HERE + 'hit?import'); return 'ran';"),
  ...network('starts a worker by its address', opened("new Worker(HERE + 'hit?worker')", 'onmessage')),
  ...network(
    'starts a worker that fetches',
    "const source = 'fetch(' + JSON.stringify(HERE + 'hit?nested') + \").then(() => postMessage('open'), () => postMessage(''))\";" +
      'const it = new Worker(URL.createObjectURL(new Blob([source])));' +
      "return await new Promise((done) => { it.onmessage = (e) => done(e.data); it.onerror = () => done(''); setTimeout(() => done(''), 800); });",
  ),
  ...network('sends a beacon', "return navigator.sendBeacon(HERE + 'hit?beacon', 'secret');"),
  ...network('loads a font', "await new FontFace('x', 'url(' + HERE + 'hit?font)').load(); return 'loaded';"),
  ...network(
    'opens a WebTransport',
    "const t = new WebTransport(HERE.replace('http', 'https') + 'hit'); await t.ready; return 'open';",
  ),
  ...network(
    'opens a peer connection',
    "new RTCPeerConnection({ iceServers: [{ urls: 'stun:' + location.host }] }); return 'made';",
  ),
  ...network(
    'compiles WebAssembly from the network',
    "const sent = fetch(HERE + 'hit?wasm'); sent.catch(() => {}); await WebAssembly.compileStreaming(sent); return 'compiled';",
  ),
  ...network('goes elsewhere', "location.href = HERE + 'hit?navigate'; return String(location.href).includes('hit');"),
  ...network('opens a window', "open(HERE + 'hit?open'); return 'opened';"),
];

const storage: AttackCase[] = [
  ...network(
    'opens IndexedDB',
    "return await new Promise((done, no) => { const r = indexedDB.open('patron'); r.onsuccess = () => done('open'); r.onerror = no; });",
  ),
  ...network('opens the caches', "await caches.open('patron'); return 'open';"),
  ...network('reads localStorage', 'return localStorage.length >= 0;'),
  ...network('reads cookies', "await cookieStore.getAll(); return 'read';"),
  ...network('opens the private file system', "await navigator.storage.getDirectory(); return 'open';"),
  ...network('speaks to the page by a BroadcastChannel', "new BroadcastChannel('patron').postMessage('x'); return '';"),
  ...network(
    'asks for the locks of the page',
    "return (await navigator.locks.query()).held.some(({ name }) => name.startsWith('patron'));",
  ),
  ...network('shares memory', "new SharedArrayBuffer(8); return 'made';"),
];

const code: AttackCase[] = [
  ...network('evaluates text', "return (0, eval)('1') === 1;"),
  ...network('makes a function from text', "return new Function('return 1')() === 1;"),
  ...network(
    'evaluates text in a timer',
    "globalThis.ran = ''; setTimeout('globalThis.ran = 1', 0); await new Promise((done) => setTimeout(done, 50)); return globalThis.ran;",
  ),
  ...network(
    'reaches for the page',
    'return [globalThis.parent, globalThis.top, globalThis.opener, globalThis.document, globalThis.window].some(Boolean);',
  ),
  ...network('posts to its frame', "globalThis.postMessage({ t: 'res', id: 1, v: 'forged' }); return '';"),
  {
    name: 'changes the prototypes of its own realm',
    body: "Object.prototype.polluted = true; Array.prototype.map = () => ['x']; MessagePort.prototype.postMessage = () => {}; Promise.prototype.then = () => {}; return '';",
    ends: 'either',
  },
];

const wire = (name: string, body: string, ends: AttackCase['ends'] = 'stopped'): AttackCase => ({
  name,
  body,
  ends,
  raw: true,
});
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

const exhaustion: AttackCase[] = [
  { name: 'never ends', body: 'for (;;) Math.random();', ends: 'cancelled' },
  { name: 'never ends in microtasks', body: 'for (;;) await null;', ends: 'cancelled' },
  { name: 'never answers', body: 'return new Promise(() => {});', ends: 'cancelled' },
  {
    name: 'makes timers without end',
    body: 'const more = () => { setTimeout(more); setTimeout(more); }; more(); return new Promise(() => {});',
    ends: 'cancelled',
  },
  {
    name: 'throws without end',
    body: "for (;;) { setTimeout(() => { throw new Error('x'.repeat(1000)); }); await new Promise((done) => setTimeout(done)); }",
    ends: 'cancelled',
  },
  wire('reports errors without end', "for (;;) reportError(new Error('x'));", 'cancelled'),
  {
    name: 'reports errors without end, behind the platform',
    body: "for (;;) reportError(new Error('x'));",
    ends: 'cancelled',
  },
  {
    name: 'writes to the console without end',
    body: "for (;;) { for (let i = 0; i < 100; i++) console.log('x'); console.table([1]); await null; }",
    ends: 'either',
  },
  { name: 'breaks the policy without end', body: "for (;;) try { (0, eval)('1'); } catch {}", ends: 'cancelled' },
  {
    name: 'starts workers without end',
    body: "for (let i = 0; i < 1000; i++) new Worker(URL.createObjectURL(new Blob(['for (;;);']))); return 'started';",
    ends: 'contained',
  },
  {
    name: 'fills half a gigabyte',
    body: "globalThis.kept = []; for (let i = 0; i < 8; i++) kept.push(new Float64Array(8e6).fill(i)); return '';",
    ends: 'contained',
  },
  {
    name: 'makes object addresses without end',
    body: "for (let i = 0; i < 1e4; i++) URL.createObjectURL(new Blob(['x'])); return '';",
    ends: 'either',
  },
];

const starting: AttackCase[] = [
  { name: 'throws when it is loaded', body: '', bundle: "throw new Error('no');", ends: 'refused' },
  { name: 'exports nothing', body: '', bundle: 'var other = 1;', ends: 'refused' },
  { name: 'is not a script', body: '', bundle: '<script>alert(1)</script>', ends: 'refused' },
  {
    name: 'speaks another protocol',
    body: '',
    raw: true,
    bundle: "onmessage = (e) => e.ports[0].postMessage({ t: 'hello', api: [99], sdk: '9' });",
    ends: 'refused',
  },
  {
    name: 'says hello as text',
    body: '',
    raw: true,
    bundle: "onmessage = (e) => e.ports[0].postMessage('hello');",
    ends: 'refused',
  },
  {
    name: 'registers a million handlers',
    body: '',
    raw: true,
    bundle:
      "onmessage = (e) => { const p = e.ports[0]; p.postMessage({ t: 'hello', api: [1], sdk: '0' }); p.postMessage({ t: 'ready', provides: Array.from({ length: 1e5 }, (_, i) => ({ point: 'analyses', id: 'a.b' + i })) }); };",
    ends: 'refused',
  },
  {
    name: 'takes the platform’s place before it starts',
    body: '',
    bundle:
      "Object.defineProperty(globalThis, 'patronPlugin', { get() { throw new Error('no'); } }); MessagePort.prototype.start = () => {}; EventTarget.prototype.addEventListener = () => {};",
    ends: 'either',
  },
  { name: 'never finishes loading', body: '', bundle: 'for (;;);', ends: 'cancelled' },
];

export const attacks: readonly AttackCase[] = [
  ...reach,
  ...storage,
  ...code,
  ...protocol,
  ...parts,
  ...misplaced,
  ...oversized,
  ...exhaustion,
  ...starting,
];

const result = (detail: string): string =>
  `{ metrics: { detail: { value: String(${detail}) } }, tables: {}, charts: [], notes: [] }`;

/** The bundle of an attack. */
export function bundleOf({ body, bundle, raw }: AttackCase, here: string, elsewhere: string): string {
  if (bundle !== undefined) return bundle;
  const head = `const HERE = ${JSON.stringify(here)}, ELSEWHERE = ${JSON.stringify(elsewhere)};`;
  const tried = (call: string): string => `await Promise.resolve().then(() => ${call}).catch(() => '')`;
  if (!raw)
    return `${head} var patronPlugin = { plugin: { analyses: { 'evil.run': async () => {
      const body = async () => { ${body} };
      const got = ${tried('body()')};
      return ${result("got || ''")};
    } } } };`;
  return `${head} onmessage = (event) => {
    const port = event.ports[0];
    if (!port) return;
    let tell; const answer = new Promise((resolve) => { tell = resolve; });
    const body = async (id) => { ${body} };
    port.onmessage = async ({ data }) => {
      if (data.t === 'init') port.postMessage({ t: 'ready', provides: [{ point: 'analyses', id: 'evil.run' }] });
      else if (data.t === 'res') tell({ v: data.v }); else if (data.t === 'err') tell({ v: '' });
      else if (data.t === 'ping') port.postMessage({ t: 'pong', n: data.n });
      else if (data.t === 'req') {
        port.postMessage({ t: 'ack', id: data.id });
        const got = ${tried('body(data.id)')};
        if (got !== undefined) port.postMessage({ t: 'res', id: data.id, v: ${result("got || ''")} });
      }
    };
    port.postMessage({ t: 'hello', api: [1], sdk: '0' });
  };`;
}
