// WebSockets.
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
const { toString } = Object.prototype;
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
      const [data] = args;
      // What is neither text nor bytes is sent as a string: WebIDL says so.
      const isBytes = ArrayBuffer.isView(data) || /^\[object (Blob|File|(Shared)?ArrayBuffer)\]$/.test(toString.call(data));
      if (self.readyState === 1) frame(isBytes ? data : String(data), numbers.get(self), 'ws_sent');
      return result;
    },
  });
  globalThis.WebSocket = Tapped;
}
