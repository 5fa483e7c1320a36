// What the page is given, as events in order of time; what was lost among them; and the state of the view.
const data = JSON.parse(document.getElementById('data').textContent);
const $ = (id) => document.getElementById(id);
const make = (tag, cls, text) => {
  const element = document.createElement(tag);
  if (cls) element.className = cls;
  if (text !== undefined) element.textContent = text;
  return element;
};

const ROW = 26;
const GUTTER = 84;
const NARROWEST = 210;
const IDLE = 96;
const GAP_LIMIT = 220; // pixels that a pause may take; a longer one is drawn as a break
const SCALES = [0, 0.03, 0.1, 0.3, 1, 3, 10, 30]; // pixels per millisecond
const USUAL = 3;
const OVERSCAN = 400;

// ---- events ----------------------------------------------------------------------------------------------------
const GROUPS = {
  action: ['action', '▸'], console: ['console', '›'], error: ['error', '✕'], request: ['request', '⇄'],
  socket: ['socket', '⇅'], view: ['page', '▦'], log: ['log', '≡'], probe: ['probe', '◎'], other: ['other', '·'],
};
const groupOf = (kind, text, detail) => {
  if (kind === 'action') return 'action';
  if (['page_error', 'page_crashed', 'resource_failed', 'request_failed'].includes(kind)) return 'error';
  if (kind === 'console') return /"level": ?"error"/.test(detail) ? 'error' : 'console';
  if (kind === 'response') return /^[45]\d\d /.test(text) ? 'error' : 'request';
  if (kind === 'request' || kind === 'response_end') return 'request';
  if (/^(ws|sse|poll)_/.test(kind)) return 'socket';
  if (kind.startsWith('view:')) return 'view';
  if (kind === 'log') return /^(ERROR|CRITICAL|Traceback)\b/.test(text) ? 'error' : 'log';
  if (['probe', 'page_state', 'api_chats'].includes(kind)) return 'probe';
  return 'other';
};
const MARKS = {
  sent: '↑', received: '↓', open: '●', closed: '○', connecting: '◌', request: '→', response: '←', response_end: '⇤',
  document: '⌂', page_closed: '⊗',
};
const NAMES = { connecting: 'dials', open: 'open', closed: 'closed', page_crashed: 'crashed', page_closed: 'closed' };
const events = data.events.map(([ms, lane, kindIndex, text, detail]) => {
  const kind = data.kinds[kindIndex];
  const group = groupOf(kind, text, detail);
  return { ms, lane, kind, text, detail, group };
});
const lanes = data.lanes;

// A way goes by the clock, whatever the order in which its hops are named.
for (const journey of data.journeys) {
  const reached = journey.hops.filter((hop) => hop.ms !== null).sort((one, other) => one.ms - other.ms);
  journey.hops = journey.hops.map((hop) => (hop.ms === null ? hop : reached.shift()));
}
// What never came has a row of its own, just after the last that did.
data.journeys.forEach((journey, number) => {
  const at = journey.hops.findIndex((hop) => hop.state === 'missing');
  if (at < 0) return;
  const missing = journey.hops[at];
  const before = journey.hops.slice(0, at).filter((hop) => hop.ms !== null);
  missing.from = before.length ? before[before.length - 1].ms : 0;
  const text = `never ${missing.name}: ${journey.text} → ${journey.to}`;
  const row = { ms: missing.from, lane: missing.lane, kind: 'lost', text, detail: '', group: 'lost', journey: number };
  events.push(row);
  missing.row = row;
});
events.sort((one, other) => one.ms - other.ms);
events.forEach((event, index) => Object.assign(event, { index, y: 0, label: false }));
const counts = {};
for (const event of events) if (event.group !== 'lost') counts[event.group] = (counts[event.group] ?? 0) + 1;

const showMs = (ms) => {
  const size = Math.abs(ms);
  if (size < 10) return `${size.toFixed(1)} ms`;
  return size < 1000 ? `${Math.round(size)} ms` : `${(size / 1000).toFixed(size < 10000 ? 2 : 1)} s`;
};
const showStep = (ms) => `${ms < 0 ? '−' : '+'}${showMs(ms)}`;
const clockAt = (ms) => {
  const at = new Date(data.begin * 1000 + ms);
  const two = (n, width = 2) => String(n).padStart(width, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${two(at.getMilliseconds(), 3)}`;
};
const short = (text) => text.replace(/\b(?:https?|wss?):\/\/[^/\s"']+/g, '').replace(/\s*\n\s*/g, ' ⏎ ');

// ---- state -----------------------------------------------------------------------------------------------------
const timeline = $('timeline');
let shown = [];
let breaks = [];
let height = 0;
let scale = USUAL;
let chosen = -1; // index into `events`
let words = '';
const hidden = new Set();
const drawn = new Set();
// What came before the first that matters is folded, where there is much of it.
const MANY = 30;
let folded = 0; // events before it are not shown, in milliseconds
// Drawn at first: what was lost on the way to somebody else; else what was lost at all; else what arrived.
const isLost = (journey) => journey.hops.some((hop) => hop.state === 'missing');
const toOthers = (journey) => journey.to.split('/')[0] !== journey.from;
const numbers = [...data.journeys.keys()];
const choices = [(it) => isLost(it) && toOthers(it), isLost, toOthers];
const worth = choices.map((fits) => numbers.filter((n) => fits(data.journeys[n]))).find((list) => list.length) ?? [];
for (const number of worth.slice(-6)) drawn.add(number);
{
  const typed = [...drawn].map((number) => data.journeys[number]).filter(isLost).map((it) => it.hops[0]?.ms ?? 0);
  const cited = (data.findings[0]?.evidence ?? []).map((it) => it.ms);
  const first = typed.length ? Math.min(...typed, ...cited) - 20 : 0;
  if (events.filter((event) => event.ms < first).length > MANY) folded = first;
}
