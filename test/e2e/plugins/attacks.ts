import { type AttackCase, wire } from './attack-case.ts';
import { wireAttacks } from './attacks-on-the-wire.ts';

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
  ...wireAttacks,
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
