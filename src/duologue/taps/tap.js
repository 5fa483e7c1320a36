// Runs first in every document of a window and reports what happens in it, stamped by the page's own clock,
// in batches over one binding: [{at, kind, text, data}, …]. The page must not be able to tell that it is there:
// natives are wrapped in Proxies (instanceof, names, lengths and toString stay), nothing is added to any global.
(config) => {
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

  // ---- console -------------------------------------------------------------------------------------------------
  const LIMIT = 20000;
  const cut = (text) => (text.length > LIMIT ? text.slice(0, LIMIT) + '…' : text);
  const plain = (value, depth = 0, seen = []) => {
    if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
    if (typeof value === 'string') return cut(value);
    if (typeof value !== 'object') return String(value);
    try {
      if (value instanceof Error) return `${value.name}: ${value.message}`;
      if (typeof Node === 'function' && value instanceof Node) return `<${value.nodeName.toLowerCase()}>`;
      if (seen.includes(value) || depth > 6) return '…';
      const inside = [...seen, value];
      if (typeof value.toJSON === 'function') return plain(value.toJSON(), depth + 1, inside);
      if (Array.isArray(value)) return value.slice(0, 200).map((item) => plain(item, depth + 1, inside));
      if (value instanceof Map) return plain(Object.fromEntries(value), depth + 1, seen);
      if (value instanceof Set) return plain([...value], depth + 1, seen);
      if (typeof Event === 'function' && value instanceof Event) return `[${value.constructor.name} ${value.type}]`;
      return Object.fromEntries(Object.keys(value).slice(0, 200).map((key) => [key, plain(value[key], depth + 1, inside)]));
    } catch (error) {
      return `[unreadable: ${error}]`; // a getter that throws must not reach the page
    }
  };
  const show = (value, top = true) => {
    if (typeof value === 'string') return top ? value : stringify(value);
    if (Array.isArray(value)) return `[${value.map((item) => show(item, false)).join(', ')}]`;
    if (value && typeof value === 'object') {
      return `{${Object.entries(value).map(([key, item]) => `${key}: ${show(item, false)}`).join(', ')}}`;
    }
    return String(value);
  };
  const format = (args) => {
    const rest = [...args];
    if (typeof rest[0] === 'string' && rest.length > 1) {
      rest[0] = rest[0].replace(/%[sdifoOc]/g, (mark, offset, whole) => {
        if (rest.length < 2) return mark;
        const value = rest.splice(1, 1)[0];
        return mark === '%c' ? '' : show(value);
      });
    }
    return rest.map((value) => show(value)).join(' ');
  };
  for (const level of ['log', 'info', 'warn', 'error', 'debug']) {
    console[level] = wrap(console[level], {
      apply(target, self, args) {
        const values = args.map((value) => plain(value));
        report('console', format(values), { level, args: values });
        return Reflect.apply(target, self, args);
      },
    });
  }

  // ---- errors --------------------------------------------------------------------------------------------------
  addEventListener('error', (event) => {
    const { target } = event;
    if (target && target !== globalThis && typeof Element === 'function' && target instanceof Element) {
      report('resource_failed', String(target.src || target.href || ''), { element: target.nodeName.toLowerCase() });
    } else {
      report('page_error', event.message || String(event.error), { stack: cut(String(event.error?.stack ?? '')) });
    }
  }, true);
  addEventListener('unhandledrejection', (event) => {
    const { reason } = event;
    report('page_error', reason instanceof Error ? `${reason.name}: ${reason.message}` : `rejected with ${show(plain(reason))}`, {
      stack: cut(String(reason?.stack ?? '')), rejection: true,
    });
  });

  // ---- WebSocket -----------------------------------------------------------------------------------------------
  // The bytes of a Blob come later: what its connection does meanwhile is reported after it.
  const waiting = new Map();
  const inTurn = (socket, work) => {
    if (!waiting.has(socket)) return work();
    const mine = waiting.get(socket).then(work);
    waiting.set(socket, mine);
    mine.then(() => waiting.get(socket) === mine && waiting.delete(socket));
  };
  const encoded = (buffer) => {
    const view = ArrayBuffer.isView(buffer) ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength) : new Uint8Array(buffer);
    let text = '';
    for (const byte of view.subarray(0, 65536)) text += String.fromCharCode(byte);
    return [`[${view.length} bytes]`, { base64: btoa(text), size: view.length }];
  };
  const frame = (data, socket, kind, at = now()) => {
    const tell = (text, rest) => report(kind, text, { socket, ...rest }, at);
    if (typeof data === 'string') return inTurn(socket, () => tell(data));
    if (typeof Blob === 'function' && data instanceof Blob) {
      const loaded = data.arrayBuffer();
      if (!waiting.has(socket)) waiting.set(socket, resolved);
      return inTurn(socket, () => loaded.then((buffer) => tell(...encoded(buffer)), () => {}));
    }
    const [text, rest] = encoded(data); // now: the page may fill its buffer anew
    inTurn(socket, () => tell(text, rest));
  };
  const NativeWebSocket = globalThis.WebSocket;
  let sockets = 0;
  if (NativeWebSocket) {
    const numbers = new WeakMap();
    const listen = EventTarget.prototype.addEventListener;
    const nativeSend = NativeWebSocket.prototype.send;
    const Tapped = wrap(NativeWebSocket, {
      construct(target, args, newTarget) {
        const at = now();
        const ws = Reflect.construct(target, args, newTarget === Tapped ? target : newTarget);
        const socket = (sockets += 1);
        numbers.set(ws, socket);
        report('ws_connecting', ws.url, { socket }, at);
        listen.call(ws, 'open', () => report('ws_open', ws.url, { socket, protocol: ws.protocol }));
        listen.call(ws, 'message', (event) => frame(event.data, socket, 'ws_received'));
        listen.call(ws, 'close', (event) => {
          const at = now();
          const { code, reason, wasClean: clean } = event;
          inTurn(socket, () => report('ws_closed', `${code} ${reason}`.trim(), { socket, code, reason, clean, url: ws.url }, at));
        });
        return ws;
      },
    });
    NativeWebSocket.prototype.constructor = Tapped;
    NativeWebSocket.prototype.send = wrap(nativeSend, {
      apply(target, self, args) {
        const result = Reflect.apply(target, self, args);
        if (self.readyState === 1) frame(args[0], numbers.get(self), 'ws_sent');
        return result;
      },
    });
    globalThis.WebSocket = Tapped;
  }

  // ---- server-sent events --------------------------------------------------------------------------------------
  const NativeEventSource = globalThis.EventSource;
  if (NativeEventSource) {
    const listen = EventTarget.prototype.addEventListener;
    const known = new WeakMap();
    const hear = (source, type) => {
      const it = known.get(source);
      if (it.types.has(type)) return;
      it.types.add(type);
      listen.call(source, type, (event) => {
        if (event instanceof MessageEvent) frame(event.data, it.socket, 'sse_received');
      });
    };
    const closed = (source, reason) => {
      const { socket } = known.get(source);
      report('sse_closed', reason, { socket, code: 0, reason, clean: false, url: source.url });
    };
    const Tapped = wrap(NativeEventSource, {
      construct(target, args, newTarget) {
        const at = now();
        const source = Reflect.construct(target, args, newTarget === Tapped ? target : newTarget);
        const socket = (sockets += 1);
        known.set(source, { socket, types: new Set() });
        report('sse_connecting', source.url, { socket }, at);
        listen.call(source, 'open', () => report('sse_open', source.url, { socket }));
        listen.call(source, 'error', () => {
          closed(source, source.readyState === 2 ? 'refused' : 'lost');
          if (source.readyState !== 2) report('sse_connecting', source.url, { socket }); // it tries again by itself
        });
        hear(source, 'message');
        return source;
      },
    });
    NativeEventSource.prototype.constructor = Tapped;
    // Events come under names of the server's choice: one is heard as soon as the page listens for it.
    EventTarget.prototype.addEventListener = wrap(listen, {
      apply(target, self, args) {
        if (known.has(self) && args.length > 1) hear(self, String(args[0]));
        return Reflect.apply(target, self, args);
      },
    });
    NativeEventSource.prototype.close = wrap(NativeEventSource.prototype.close, {
      apply(target, self, args) {
        if (known.has(self) && self.readyState !== 2) closed(self, 'by the page');
        return Reflect.apply(target, self, args);
      },
    });
    globalThis.EventSource = Tapped;
  }

  // ---- requests ------------------------------------------------------------------------------------------------
  let requests = 0;
  const absolute = (url) => {
    try {
      return new URL(url, document.baseURI).href;
    } catch {
      return String(url); // the native call tells the page
    }
  };
  // An address asked again and again for news is a connection: open from its first answer on, closed by a request that
  // fails; each answer (or each event in one that is a stream) is a frame of it.
  const polled = config.polls.map((pattern) => new RegExp(`^(?:${pattern})$`, 's'));
  const polls = new Map();
  const connection = (method, url) => {
    const name = `${method} ${url}`;
    const which = polled.findIndex((pattern) => pattern.test(name));
    if (which < 0) return null;
    if (!polls.has(which)) {
      polls.set(which, { socket: (sockets += 1), open: false });
      report('poll_connecting', url, { socket: sockets });
    }
    const it = polls.get(which);
    return {
      open() {
        if (!it.open) report('poll_open', url, { socket: it.socket });
        it.open = true;
      },
      received: (data) => data && frame(data, it.socket, 'poll_received'), // an empty answer brings no news
      close(code, reason) {
        if (polls.get(which) === it) polls.delete(which);
        else return; // the next one has begun, or it is closed already
        report('poll_closed', `${code} ${reason}`, { socket: it.socket, code, reason, clean: false, url });
      },
    };
  };
  const events = async (body, on_event) => {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value).replace(/\r\n?/g, '\n').split('\n\n');
      rest = blocks.pop();
      for (const block of blocks) {
        const data = block.split('\n').filter((line) => /^data(:|$)/.test(line));
        if (data.length) on_event(data.map((line) => line.slice(5).replace(/^ /, '')).join('\n'));
      }
    }
  };
  const requested = (method, url) => {
    const id = (requests += 1);
    const start = now();
    report('request', `${method} ${url}`, { id, method, url }, start);
    const poll = connection(method, url);
    const failed = (error) => poll?.close(0, String(error));
    return {
      answered(status, response) {
        report('response', `${status} ${method} ${url}`, { id, method, url, status, ms: (now() - start) * 1000 });
        if (!poll) return;
        if (status >= 400) return poll.close(status, 'refused');
        poll.open();
        if (!(response instanceof Response)) return poll.received(response);
        const copy = response.clone(); // the page reads the other half
        if (!/^text\/event-stream\b/.test(copy.headers.get('content-type') ?? '')) copy.text().then(poll.received).catch(failed);
        else if (copy.body) events(copy.body, poll.received).then(() => failed('the stream ended')).catch(failed);
      },
      failed(error) {
        report('request_failed', `${method} ${url}: ${error}`, { id, method, url, error: String(error) });
        failed(error);
      },
    };
  };
  if (globalThis.fetch) {
    globalThis.fetch = wrap(globalThis.fetch, {
      apply(target, self, args) {
        const [input, init] = args;
        const isRequest = typeof Request === 'function' && input instanceof Request;
        const answer = Reflect.apply(target, self, args);
        const watch = requested((init?.method ?? (isRequest ? input.method : 'GET')).toUpperCase(), absolute(isRequest ? input.url : input));
        // A promise of our own, so that a rejection nobody handles stays an unhandled one.
        return answer.then(
          (response) => {
            watch.answered(response.status, response);
            return response;
          },
          (error) => {
            watch.failed(error);
            throw error;
          },
        );
      },
    });
  }
  const xhr = globalThis.XMLHttpRequest?.prototype;
  if (xhr) {
    const opened = new WeakMap();
    xhr.open = wrap(xhr.open, {
      apply(target, self, args) {
        opened.set(self, [String(args[0]).toUpperCase(), absolute(args[1])]);
        return Reflect.apply(target, self, args);
      },
    });
    xhr.send = wrap(xhr.send, {
      apply(target, self, args) {
        const known = opened.get(self);
        const result = Reflect.apply(target, self, args);
        if (known) {
          const watch = requested(...known);
          self.addEventListener('loadend', () => {
            if (!self.status) return watch.failed('network error');
            watch.answered(self.status, self.responseType === 'json' ? stringify(self.response) : self.response);
          }, { once: true });
        }
        return result;
      },
    });
  }

  // ---- views: each new state of the chat list, the open chat, … -------------------------------------------------
  if (globalThis.window !== globalThis.top) return;
  report('document', location.href);
  const text = (element, without) => {
    if (!without && !element.querySelector('img[alt]')) return element.textContent;
    const copy = element.cloneNode(true); // chats that draw emoji as pictures keep the text in `alt`
    if (without) for (const part of copy.querySelectorAll(without)) part.remove();
    for (const image of copy.querySelectorAll('img[alt]')) image.replaceWith(image.alt);
    return copy.textContent;
  };
  const read = (row, field) => {
    const element = !field.selector || row.matches(field.selector) ? row : row.querySelector(field.selector);
    if (!element) return null;
    if (field.visible && !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return null;
    if (field.attribute) return element.getAttribute(field.attribute);
    const words = text(element, field.without);
    return field.exact ? words : words.trim().replace(/\s+/g, ' ');
  };
  const views = Object.entries(config.views).map(([name, view]) => ({ name, view, rows: null }));
  const look = () => {
    const at = now();
    for (const it of views) {
      const rows = [...document.querySelectorAll(it.view.row)].map((row) =>
        stringify(Object.fromEntries(Object.entries(it.view.fields).map(([key, field]) => [key, read(row, field)]))),
      );
      const old = it.rows ?? [];
      if (it.rows && rows.length === old.length && rows.every((row, index) => row === old[index])) continue;
      // Only what changed is sent: `drop` rows from `start` on, replaced by `rows`.
      const shorter = Math.min(rows.length, old.length);
      let start = 0;
      while (start < shorter && rows[start] === old[start]) start += 1;
      let end = 0;
      while (end < shorter - start && rows[rows.length - 1 - end] === old[old.length - 1 - end]) end += 1;
      const added = rows.slice(start, rows.length - end).map((row) => parse(row));
      report('view', it.name, { view: it.name, start, drop: old.length - start - end, rows: added }, at);
      it.rows = rows;
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
}
