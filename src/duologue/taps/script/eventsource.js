// Server-sent events.
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
