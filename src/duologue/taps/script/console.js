// The console.
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
