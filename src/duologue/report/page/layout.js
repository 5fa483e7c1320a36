// Where things are: every later event is lower, events of one lane never overlap.
const layout = () => {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (event) => {
    if (event.group === 'lost' ? !drawn.has(event.journey) : hidden.has(event.group)) return false;
    if (!wanted.length) return event.ms >= folded;
    event.search ??= `${event.kind} ${lanes[event.lane]?.name ?? 'harness'} ${event.text} ${event.detail}`.toLowerCase();
    return wanted.every((word) => event.search.includes(word));
  };
  shown = events.filter((event) => (event.fits = fits(event)));
  breaks = [];
  const bottoms = new Float64Array(lanes.length);
  let bottom = 8;
  let y = 8;
  let labelled = -ROW;
  let said = '';
  let before = shown.length ? shown[0].ms : 0;
  bottoms.fill(8);
  for (const event of shown) {
    const pause = event.ms - before;
    const room = pause * SCALES[scale];
    if (pause >= 100 && (room > GAP_LIMIT || room < ROW)) {
      breaks.push({ y: bottom + 4, pause });
      y = bottom + 28;
    } else {
      y += Math.min(room, GAP_LIMIT);
    }
    y = event.lane < 0 ? Math.max(y, bottom) : Math.max(y, bottoms[event.lane]);
    event.y = y;
    const stamp = showStep(event.ms);
    event.label = y - labelled >= 18 && (stamp !== said || y - labelled > 300);
    if (event.label) [labelled, said] = [y, stamp];
    bottom = Math.max(bottom, y + ROW);
    if (event.lane < 0) bottoms.fill(y + ROW);
    else bottoms[event.lane] = y + ROW;
    before = event.ms;
  }
  height = bottom + 12;
  timeline.style.height = `${height}px`;
  const seen = shown.filter((event) => event.group !== 'lost').length;
  $('count').textContent = seen === data.events.length ? `${seen} events` : `${seen} of ${data.events.length}`;
  $('nothing').hidden = shown.length > 0;
  $('earlier').hidden = !folded || wanted.length > 0;
  $('earlier').textContent = `▸ ${events.filter((event) => event.ms < folded).length} earlier events, until ${showStep(folded)}`;
  $('scale').textContent = SCALES[scale] ? `${SCALES[scale] * 100} px = 100 ms` : 'no scale';
  clearNodes();
  draw();
};
const firstFrom = (list, value, of) => {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (of(list[middle]) < value) low = middle + 1;
    else high = middle;
  }
  return low;
};
const tools = document.querySelector('.tools'); // as wide as the page has room
// A lane in which nothing is shown is only hinted at.
let edges = [GUTTER];
const measure = () => {
  const busy = lanes.map((_, lane) => events.some((event) => event.lane === lane && event.ms >= folded && event.group !== 'lost'));
  const idle = busy.filter((it) => !it).length;
  const rest = (tools.clientWidth - GUTTER - idle * IDLE) / Math.max(1, lanes.length - idle);
  edges = [GUTTER];
  for (const it of busy) edges.push(edges[edges.length - 1] + (it ? Math.max(NARROWEST, rest) : IDLE));
};
const left = (lane) => edges[lane];
const laneWidth = (lane) => edges[lane + 1] - edges[lane];
const right = () => edges[edges.length - 1];
const yAt = (ms, lane) => {
  const from = firstFrom(shown, ms - 1, (event) => event.ms);
  let best = null;
  for (let i = from; i < shown.length && shown[i].ms <= ms + 1; i += 1) {
    const event = shown[i];
    if (event.lane === lane && event.group !== 'lost' && (!best || Math.abs(event.ms - ms) < Math.abs(best.ms - ms))) best = event;
  }
  best ??= shown[Math.min(from, shown.length - 1)];
  return (best?.y ?? 0) + ROW / 2;
};
