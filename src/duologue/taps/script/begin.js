// Runs first in every document of a window and reports what happens in it, stamped by the page's own clock,
// in batches over one binding: [{at, kind, text, data}, …]. The page must not be able to tell that it is there:
// natives are wrapped in Proxies (instanceof, names, lengths and toString stay), nothing is added to any global.
const send = globalThis[config.binding];
if (typeof send !== 'function') return;
delete globalThis[config.binding];

// The page may replace clocks (fake timers) and JSON later; the tap keeps the natives.
const performance = globalThis.performance;
const clock = performance.now.bind(performance);
const origin = performance.timeOrigin;
const { stringify, parse } = JSON;
const resolved = Promise.resolve();
const then = resolved.then.bind(resolved);
const now = () => (origin + clock()) / 1000;

// A Proxy's own source text lacks the name of what it stands for: toString is asked of the native.
const natives = new WeakMap();
const wrap = (target, handler) => {
  const proxy = new Proxy(target, handler);
  natives.set(proxy, target);
  return proxy;
};
Function.prototype.toString = wrap(Function.prototype.toString, {
  apply: (target, self, args) => Reflect.apply(target, natives.get(self) ?? self, args),
});

let batch = [];
const flush = () => {
  const events = batch;
  batch = [];
  // A report that cannot be delivered (the context closes) must not become the page's unhandled rejection.
  Promise.resolve(send(stringify(events))).catch(() => {});
};
const report = (kind, text, data = {}, at = now()) => {
  if (batch.push({ at, kind, text, data }) === 1) then(flush);
};
