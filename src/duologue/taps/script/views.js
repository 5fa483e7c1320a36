// Views: each new state of the chat list, the open chat, …
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
// What fades in or out changes no node: it is looked at when that has begun to show, and when it is over.
const soon = () => requestAnimationFrame(() => requestAnimationFrame(look));
for (const kind of ['transitionstart', 'animationstart']) document.addEventListener(kind, soon, true);
for (const kind of ['transitionend', 'animationend', 'transitioncancel', 'animationcancel']) document.addEventListener(kind, look, true);
