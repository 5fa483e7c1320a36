// Requests, and the answers of those that poll.
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
  const id = `${origin}/${(requests += 1)}`; // no other document's
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
// `fetch` answers with the head; the rest of the answer may come much later, or never.
if (globalThis.PerformanceObserver) {
  new PerformanceObserver((list) => {
    for (const { name, initiatorType: by, startTime, responseEnd } of list.getEntries()) {
      if (by !== 'fetch' && by !== 'xmlhttprequest') continue;
      report('response_end', name, { url: name }, (origin + (responseEnd || startTime)) / 1000);
    }
  }).observe({ type: 'resource' });
}
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
      const watch = known && requested(...known);
      const ended = () => {
        if (!self.status) return watch.failed('network error');
        watch.answered(self.status, self.responseType === 'json' ? stringify(self.response) : self.response);
      };
      if (watch) self.addEventListener('loadend', ended, { once: true }); // before it is sent: it may not return before
      return Reflect.apply(target, self, args);
    },
  });
}
