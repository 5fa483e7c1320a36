// All a page can find out about WebSocket, fetch, XMLHttpRequest and console; the same with the tap and without.
async () => {
  const url = location.origin.replace('http', 'ws');
  const seen = {};
  const note = (name, value) => (seen[name] = value);
  const attempt = (name, action) => {
    try {
      note(name, String(action()));
    } catch (error) {
      note(name, `${error.name}: ${error.message}`);
    }
  };
  const next = (target, event) =>
    new Promise((resolve, reject) => {
      target.addEventListener(event, resolve, { once: true });
      setTimeout(() => reject(new Error(`no ${event} of ${target} after ${Object.keys(seen).at(-1)}`)), 5000);
    });
  const open = async (...args) => {
    const ws = new WebSocket(...args);
    await next(ws, 'open');
    return ws;
  };
  const echo = async (ws, data) => {
    ws.send(data);
    return (await next(ws, 'message')).data;
  };

  // The class itself
  note('typeof', [typeof WebSocket, WebSocket.name, WebSocket.length, String(WebSocket)]);
  note('statics', [WebSocket.CONNECTING, WebSocket.OPEN, WebSocket.CLOSING, WebSocket.CLOSED]);
  note('send', [WebSocket.prototype.send.name, WebSocket.prototype.send.length, String(WebSocket.prototype.send)]);
  note('prototype', Object.getOwnPropertyNames(WebSocket.prototype).sort());
  note('descriptor', JSON.stringify(Object.getOwnPropertyDescriptor(window, 'WebSocket')));
  attempt('called without new', () => WebSocket(url));
  attempt('no arguments', () => new WebSocket());
  attempt('bad address', () => new WebSocket('nonsense:'));
  attempt('bad protocol', () => new WebSocket(url, ['a', 'a']));
  attempt('send on nothing', () => WebSocket.prototype.send.call({}, 'x'));
  attempt('send while connecting', () => {
    const ws = new WebSocket(url);
    next(ws, 'open').then(() => ws.close());
    return ws.send('too soon');
  });

  // An instance
  const ws = await open(url, ['chat.v2', 'chat.v1']);
  note('instance', [ws instanceof WebSocket, ws.constructor === WebSocket, Object.prototype.toString.call(ws), ws.protocol, ws.readyState, ws.binaryType]);
  note('own keys', Object.getOwnPropertyNames(ws));
  note('text', await echo(ws, 'hello'));
  note('empty', await echo(ws, ''));
  note('number', await echo(ws, 1_764_201_600_000));
  note('object', await echo(ws, { toString: () => 'an object' }));
  note('nothing', await echo(ws, undefined));
  note('four-byte text', (await echo(ws, '👍🏽'.repeat(2500))) === '👍🏽'.repeat(2500));
  const blob = await echo(ws, new Uint8Array([1, 2, 255]));
  note('blob', [blob instanceof Blob, [...new Uint8Array(await blob.arrayBuffer())]]);
  ws.binaryType = 'arraybuffer';
  const buffer = await echo(ws, new Blob([new Uint8Array([7, 0, 9])]));
  note('buffer', [buffer instanceof ArrayBuffer, [...new Uint8Array(buffer)]]);
  note('part of a buffer', [...new Uint8Array(await echo(ws, new Uint8Array([1, 2, 3, 4]).subarray(1, 3)))]);
  const order = [];
  ws.onmessage = () => order.push('onmessage');
  ws.addEventListener('message', () => order.push('listener'));
  await echo(ws, 'in order');
  note('order', order);
  ws.close(4001, 'enough');
  const closed = await next(ws, 'close');
  note('close', [closed.code, closed.reason, closed.wasClean, ws.readyState]);
  note('send after close', ws.send('nobody') === undefined);
  const other = await open(url);
  other.send('close 1012 going down');
  const bye = await next(other, 'close');
  note('closed by the server', [bye.code, bye.reason, bye.wasClean]);
  const refused = new WebSocket(`${url.replace(/\d+$/, '1')}/`);
  note('refused', (await next(refused, 'close')).code);
  class Mine extends WebSocket {
    hello() {
      return `mine ${this.readyState}`;
    }
  }
  const mine = new Mine(url);
  await next(mine, 'open');
  note('subclass', [mine instanceof Mine, mine instanceof WebSocket, mine.constructor.name, mine.hello()]);
  mine.close();

  // Workers have natives of their own
  const source = `onmessage = ({data}) => { const ws = new WebSocket(data); ws.onopen = () => ws.send('from a worker');
    ws.onmessage = ({data}) => { postMessage([data, String(WebSocket), ws instanceof WebSocket]); ws.close(); }; };`;
  const worker = new Worker(URL.createObjectURL(new Blob([source])));
  worker.postMessage(url);
  note('worker', (await next(worker, 'message')).data);
  worker.terminate();

  // Requests
  note('fetch', [fetch.name, fetch.length, String(fetch), (await (await fetch('/json')).json()).answer, (await fetch('/nothing')).status]);
  note('fetch is native promise', fetch('/json') instanceof Promise);
  await fetch('http://nonsense:99999999/').catch((error) => note('fetch bad address', error.name));
  const unhandled = next(window, 'unhandledrejection');
  fetch(`${location.origin.replace(/\d+$/, '1')}/`);
  const rejection = await unhandled;
  note('unhandled', rejection.reason.name);
  rejection.preventDefault();
  const xhr = new XMLHttpRequest();
  xhr.open('GET', '/json');
  xhr.responseType = 'json';
  xhr.send();
  await next(xhr, 'load');
  note('xhr', [xhr.status, xhr.response.answer, String(XMLHttpRequest.prototype.send), Object.getOwnPropertyNames(xhr)]);

  // Server-sent events
  note('source', [EventSource.name, EventSource.length, String(EventSource), String(EventSource.prototype.close), EventSource.OPEN]);
  note('source prototype', Object.getOwnPropertyNames(EventSource.prototype).sort());
  attempt('source without new', () => EventSource('/events'));
  attempt('source at a bad address', () => new EventSource('http://nonsense:99999999/'));
  note('listening', [EventTarget.prototype.addEventListener.name, String(EventTarget.prototype.addEventListener)]);
  const source1 = new EventSource('/events');
  note('source itself', [source1 instanceof EventSource, source1.constructor === EventSource, Object.getOwnPropertyNames(source1)]);
  const heard = [];
  source1.onmessage = ({ data }) => heard.push(data);
  source1.addEventListener('other', ({ data, type }) => heard.push([type, data]));
  await next(source1, 'error');
  note('heard', [heard, source1.readyState]);
  source1.close();
  note('closed source', source1.readyState);
  const stream = await fetch('/events');
  note('stream', [(await stream.text()).length, stream.bodyUsed, stream.headers.get('content-type')]);

  // The console takes whatever it is given
  const trap = Object.defineProperty({}, 'boom', { enumerable: true, get() { throw new Error('a getter'); } });
  const circle = {};
  circle.self = circle;
  note('console', [console.log.name, console.log.length, String(console.log), console.log('%s and %d', 'a', 1, trap, circle, Symbol('x'), 10n, null, undefined)]);

  // Nothing is left in any global
  note('globals', Object.getOwnPropertyNames(window).filter((name) => /duologue|report/i.test(name) && name !== 'reportError').sort());
  return seen;
}
