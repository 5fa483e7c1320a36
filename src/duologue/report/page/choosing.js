// Choosing an event: its details, and the way to the next.
const bring = (y) => {
  const box = timeline.getBoundingClientRect();
  const head = document.querySelector('.bar').offsetHeight;
  const at = box.top + y;
  if (at < head + 10 || at > innerHeight - ROW - 10) scrollTo({ top: scrollY + at - innerHeight * 0.4 });
};
const choose = (event) => {
  if (!event) return;
  chosen = event.index;
  bring(event.y);
  draw();
  if (!$('detail').hidden) tell();
};
const tell = () => {
  const event = events[chosen];
  if (!event) return;
  $('detail').hidden = false;
  $('detail-title').textContent = event.kind.replace('_', ' ');
  $('detail-title').className = `g-${event.group}`;
  $('detail-meta').textContent = `${lanes[event.lane]?.name ?? 'harness'} · ${clockAt(event.ms)} · ${showStep(event.ms)}`;
  let text = event.text;
  try {
    text = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // no JSON
  }
  $('detail-text').textContent = text;
  let detail = event.detail;
  try {
    detail = JSON.stringify(JSON.parse(detail), null, 2);
  } catch {
    // cut, or none
  }
  $('detail-data').textContent = detail;
};
const step = (by, fits = () => true) => {
  let at = shown.findIndex((event) => event.index === chosen);
  if (at < 0) {
    const middle = -timeline.getBoundingClientRect().top + document.querySelector('.bar').offsetHeight;
    at = firstFrom(shown, middle, (event) => event.y) - (by > 0 ? 1 : 0);
  }
  for (at += by; at >= 0 && at < shown.length; at += by) {
    if (fits(shown[at])) {
      choose(shown[at]);
      return;
    }
  }
};
const goTo = (ms, lane, kind) => {
  const near = (list) => list.reduce((best, event) => (!best || Math.abs(event.ms - ms) < Math.abs(best.ms - ms) ? event : best), null);
  const same = events.filter((event) => event.group !== 'lost' && (lane === undefined || event.lane === lane) && (kind === undefined || event.kind === kind));
  const event = near(same) ?? near(events);
  if (!event) return;
  if (!shown.includes(event)) {
    words = $('filter').value = '';
    hidden.clear();
    drawKinds();
    unfold();
  }
  choose(event);
};
timeline.addEventListener('click', (click) => {
  const node = click.target.closest('.event');
  if (!node) return;
  choose(events[Number(node.dataset.index)]);
  tell();
});
const close = () => {
  $('detail').hidden = true;
};
$('detail-close').addEventListener('click', close);
