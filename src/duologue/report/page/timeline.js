'use strict';
// Draws the timeline from the JSON beside it. Only what is in view has elements; everything is written as text.
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const $ = (id) => document.getElementById(id);
  const make = (tag, cls, text) => {
    const element = document.createElement(tag);
    if (cls) element.className = cls;
    if (text !== undefined) element.textContent = text;
    return element;
  };

  const ROW = 26;
  const GUTTER = 84;
  const NARROWEST = 210;
  const IDLE = 96;
  const GAP_LIMIT = 220; // pixels that a pause may take; a longer one is drawn as a break
  const SCALES = [0, 0.03, 0.1, 0.3, 1, 3, 10, 30]; // pixels per millisecond
  const USUAL = 3;
  const OVERSCAN = 400;

  // ---- events ----------------------------------------------------------------------------------------------------
  const GROUPS = {
    action: ['action', '▸'], console: ['console', '›'], error: ['error', '✕'], request: ['request', '⇄'],
    socket: ['socket', '⇅'], view: ['page', '▦'], log: ['log', '≡'], probe: ['probe', '◎'], other: ['other', '·'],
  };
  const groupOf = (kind, text, detail) => {
    if (kind === 'action') return 'action';
    if (['page_error', 'page_crashed', 'resource_failed', 'request_failed'].includes(kind)) return 'error';
    if (kind === 'console') return /"level": ?"error"/.test(detail) ? 'error' : 'console';
    if (kind === 'response') return /^[45]\d\d /.test(text) ? 'error' : 'request';
    if (kind === 'request') return 'request';
    if (/^(ws|sse|poll)_/.test(kind)) return 'socket';
    if (kind.startsWith('view:')) return 'view';
    if (kind === 'log') return /^(ERROR|CRITICAL|Traceback)\b/.test(text) ? 'error' : 'log';
    if (['probe', 'page_state', 'api_chats'].includes(kind)) return 'probe';
    return 'other';
  };
  const MARKS = {
    sent: '↑', received: '↓', open: '●', closed: '○', connecting: '◌', request: '→', response: '←',
    document: '⌂', page_closed: '⊗',
  };
  const NAMES = { connecting: 'dials', open: 'open', closed: 'closed', page_crashed: 'crashed', page_closed: 'closed' };
  const events = data.events.map(([ms, lane, kindIndex, text, detail]) => {
    const kind = data.kinds[kindIndex];
    const group = groupOf(kind, text, detail);
    return { ms, lane, kind, text, detail, group };
  });
  const lanes = data.lanes;

  // A way goes by the clock, whatever the order in which its hops are named.
  for (const journey of data.journeys) {
    const reached = journey.hops.filter((hop) => hop.ms !== null).sort((one, other) => one.ms - other.ms);
    journey.hops = journey.hops.map((hop) => (hop.ms === null ? hop : reached.shift()));
  }
  // What never came has a row of its own, just after the last that did.
  data.journeys.forEach((journey, number) => {
    const at = journey.hops.findIndex((hop) => hop.state === 'missing');
    if (at < 0) return;
    const missing = journey.hops[at];
    const before = journey.hops.slice(0, at).filter((hop) => hop.ms !== null);
    missing.from = before.length ? before[before.length - 1].ms : 0;
    const text = `never ${missing.name}: ${journey.text} → ${journey.to}`;
    const row = { ms: missing.from, lane: missing.lane, kind: 'lost', text, detail: '', group: 'lost', journey: number };
    events.push(row);
    missing.row = row;
  });
  events.sort((one, other) => one.ms - other.ms);
  events.forEach((event, index) => Object.assign(event, { index, y: 0, label: false }));
  const counts = {};
  for (const event of events) if (event.group !== 'lost') counts[event.group] = (counts[event.group] ?? 0) + 1;

  const showMs = (ms) => {
    const size = Math.abs(ms);
    if (size < 10) return `${size.toFixed(1)} ms`;
    return size < 1000 ? `${Math.round(size)} ms` : `${(size / 1000).toFixed(size < 10000 ? 2 : 1)} s`;
  };
  const showStep = (ms) => `${ms < 0 ? '−' : '+'}${showMs(ms)}`;
  const clockAt = (ms) => {
    const at = new Date(data.begin * 1000 + ms);
    const two = (n, width = 2) => String(n).padStart(width, '0');
    return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${two(at.getMilliseconds(), 3)}`;
  };
  const short = (text) => text.replace(/\b(?:https?|wss?):\/\/[^/\s"']+/g, '').replace(/\s*\n\s*/g, ' ⏎ ');

  // ---- state -----------------------------------------------------------------------------------------------------
  const timeline = $('timeline');
  let shown = [];
  let breaks = [];
  let height = 0;
  let scale = USUAL;
  let chosen = -1; // index into `events`
  let words = '';
  const hidden = new Set();
  const drawn = new Set();
  // What came before the first that matters is folded, where there is much of it.
  const MANY = 30;
  let folded = 0; // events before it are not shown, in milliseconds
  // Drawn at first: what was lost on the way to somebody else; else what was lost at all; else what arrived.
  const isLost = (journey) => journey.hops.some((hop) => hop.state === 'missing');
  const toOthers = (journey) => journey.to.split('/')[0] !== journey.from;
  const numbers = [...data.journeys.keys()];
  const choices = [(it) => isLost(it) && toOthers(it), isLost, toOthers];
  const worth = choices.map((fits) => numbers.filter((n) => fits(data.journeys[n]))).find((list) => list.length) ?? [];
  for (const number of worth.slice(-6)) drawn.add(number);
  {
    const typed = [...drawn].map((number) => data.journeys[number]).filter(isLost).map((it) => it.hops[0]?.ms ?? 0);
    const cited = (data.findings[0]?.evidence ?? []).map((it) => it.ms);
    const first = typed.length ? Math.min(...typed, ...cited) - 20 : 0;
    if (events.filter((event) => event.ms < first).length > MANY) folded = first;
  }

  // ---- where things are: every later event is lower, events of one lane never overlap ------------------------------
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

  // ---- drawing ---------------------------------------------------------------------------------------------------
  const nodes = new Map();
  const clearNodes = () => {
    for (const node of nodes.values()) node.remove();
    nodes.clear();
  };
  const SVG = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'ways');
  svg.setAttribute('aria-hidden', 'true');
  timeline.append(svg);
  const rails = make('div', 'rails');
  timeline.append(rails);

  const entry = (event) => {
    const node = make('div', `event g-${event.group}${event.lane < 0 ? ' wide' : ''}`);
    node.setAttribute('role', 'listitem');
    const what = event.kind.replace(/^(ws|sse|poll)_/, '');
    node.append(make('span', 'mark', MARKS[what] ?? GROUPS[event.group]?.[1] ?? '✕'));
    if (NAMES[what]) node.append(make('span', 'of', NAMES[what]));
    else if (event.kind.startsWith('view:')) node.append(make('span', 'of', event.kind.slice(5)));
    else if (event.lane < 0) node.append(make('span', 'of', event.kind === 'action' ? 'harness' : event.kind.replace('_', ' ')));
    node.append(make('span', 'text', short(event.text).slice(0, 300) || event.kind));
    node.title = `${clockAt(event.ms)} (${showStep(event.ms)})  ${event.kind}\n${event.text.slice(0, 600)}`;
    node.style.transform = `translateY(${event.y}px)`;
    node.style.left = event.lane < 0 ? `${GUTTER + 14}px` : `${left(event.lane) + 14}px`;
    node.style.width = event.lane < 0 ? `${right() - GUTTER - 20}px` : `${laneWidth(event.lane) - 20}px`;
    node.dataset.index = event.index;
    return node;
  };
  const draw = () => {
    const top = -timeline.getBoundingClientRect().top - OVERSCAN;
    const bottom = top + innerHeight + 2 * OVERSCAN;
    const begin = firstFrom(shown, top - ROW, (event) => event.y);
    const end = firstFrom(shown, bottom, (event) => event.y);
    const wanted = new Map();
    for (let i = begin; i < end; i += 1) {
      const event = shown[i];
      wanted.set(`e${event.index}`, () => entry(event));
      if (event.label) {
        wanted.set(`t${event.index}`, () => {
          const label = make('time', 'at', showStep(event.ms));
          label.style.transform = `translateY(${event.y}px)`;
          label.title = clockAt(event.ms);
          return label;
        });
      }
    }
    for (let i = firstFrom(breaks, top - ROW, (it) => it.y); i < breaks.length && breaks[i].y < bottom; i += 1) {
      const pause = breaks[i];
      wanted.set(`b${i}`, () => {
        const line = make('div', 'break', `${showMs(pause.pause)} later`);
        line.style.transform = `translateY(${pause.y}px)`;
        return line;
      });
    }
    for (const [key, node] of nodes) {
      if (wanted.has(key)) continue;
      node.remove();
      nodes.delete(key);
    }
    const fresh = document.createDocumentFragment();
    for (const [key, build] of wanted) {
      let node = nodes.get(key);
      if (!node) {
        node = build();
        nodes.set(key, node);
        fresh.append(node);
      }
      if (key[0] === 'e') node.classList.toggle('chosen', key === `e${chosen}`);
    }
    timeline.append(fresh);
    drawWays(top, bottom);
  };

  const HUES = 5;
  const drawWays = (top, bottom) => {
    svg.replaceChildren();
    svg.setAttribute('height', Math.max(0, height));
    svg.setAttribute('width', right());
    const add = (tag, attributes, text) => {
      const element = document.createElementNS(SVG, tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      if (text) element.textContent = text;
      svg.append(element);
    };
    for (const number of drawn) {
      const hue = `way w${number % HUES}`;
      let last = null;
      let broken = false;
      const dots = [];
      for (const hop of data.journeys[number].hops) {
        if (hop.state === 'unknown' || broken) continue;
        const x = left(hop.lane) + 7;
        let y;
        if (hop.ms !== null) y = yAt(hop.ms, hop.lane);
        else if (hop.row?.fits) y = hop.row.y + ROW / 2;
        else continue;
        const missing = hop.state === 'missing';
        broken ||= missing;
        if (last && Math.max(last.y, y) > top && Math.min(last.y, y) < bottom) {
          const bend = (x - last.x) / 2;
          const path = last.x === x
            ? `M${last.x} ${last.y}L${x} ${y}`
            : `M${last.x} ${last.y}C${last.x + bend} ${last.y} ${x - bend} ${y} ${x} ${y}`;
          add('path', { d: path, class: missing ? 'way lost' : hue });
        }
        last = { x, y, hop, missing };
        dots.push(last);
      }
      for (const { x, y, hop, missing } of dots) {
        if (y < top || y > bottom) continue;
        if (!missing) {
          add('circle', { cx: x, cy: y, r: 4.5, class: `dot ${hue}` });
          continue;
        }
        add('circle', { cx: x, cy: y, r: 7, class: 'dot lost' });
        add('path', { d: `M${x - 3} ${y - 3}l6 6m0 -6l-6 6`, class: 'cross' });
      }
    }
  };

  let asked = 0;
  const later = () => {
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      draw();
    });
  };
  const heads = $('heads');
  const drawHeads = () => {
    measure();
    heads.replaceChildren();
    rails.replaceChildren();
    timeline.style.minWidth = heads.style.minWidth = `${right()}px`;
    const corner = make('div', 'corner', data.clock);
    corner.title = 'when the test began';
    heads.append(corner);
    lanes.forEach((lane, number) => {
      const head = make('div', `head ${lane.side}`, lane.name);
      head.style.left = `${left(number)}px`;
      head.style.width = `${laneWidth(number)}px`;
      heads.append(head);
      const rail = make('div', `rail ${lane.side}`);
      rail.style.left = `${left(number)}px`;
      rail.style.width = `${laneWidth(number)}px`;
      rails.append(rail);
    });
  };

  // ---- choosing an event -------------------------------------------------------------------------------------------
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

  // ---- kinds, filter, zoom -----------------------------------------------------------------------------------------
  const drawKinds = () => {
    $('kinds').replaceChildren();
    for (const [group, [name, mark]] of Object.entries(GROUPS)) {
      if (!counts[group]) continue;
      const button = make('button', `kind g-${group}`);
      button.append(make('span', 'mark', mark), make('span', '', name), make('span', 'n', counts[group]));
      button.setAttribute('aria-pressed', String(!hidden.has(group)));
      button.title = `Show or hide; double-click: only these`;
      button.addEventListener('click', () => {
        if (hidden.has(group)) hidden.delete(group);
        else hidden.add(group);
        button.setAttribute('aria-pressed', String(!hidden.has(group)));
        layout();
      });
      button.addEventListener('dblclick', () => {
        hidden.clear();
        for (const other of Object.keys(GROUPS)) if (other !== group) hidden.add(other);
        drawKinds();
        layout();
      });
      $('kinds').append(button);
    }
  };
  $('filter').addEventListener('input', () => {
    words = $('filter').value;
    layout();
  });
  const zoom = (to) => {
    const head = document.querySelector('.bar').offsetHeight;
    const seen = shown[firstFrom(shown, -timeline.getBoundingClientRect().top + head, (event) => event.y)];
    const anchor = seen ? seen.y + timeline.getBoundingClientRect().top : 0;
    scale = Math.max(0, Math.min(SCALES.length - 1, to));
    layout();
    if (seen && anchor > 0 && anchor < innerHeight && timeline.getBoundingClientRect().top < head) {
      scrollTo({ top: scrollY + seen.y + timeline.getBoundingClientRect().top - anchor });
    }
  };
  $('zoom-in').addEventListener('click', () => zoom(scale + 1));
  $('zoom-out').addEventListener('click', () => zoom(scale - 1));
  $('help-button').addEventListener('click', () => $('help').showModal());
  const unfold = () => {
    folded = 0;
    drawHeads();
    layout();
  };
  $('earlier').addEventListener('click', unfold);
  for (const picture of document.querySelectorAll('.windows button')) {
    picture.addEventListener('click', () => {
      $('large').querySelector('img')?.remove();
      $('large').append(picture.querySelector('img').cloneNode());
      $('large').showModal();
    });
  }
  $('large').addEventListener('click', (click) => click.target === $('large') && $('large').close());
  const showLost = (row) => {
    if (!row) return;
    drawn.add(row.journey);
    if (!row.fits) layout();
    choose(row);
  };

  const KEYS = {
    j: () => step(1), k: () => step(-1), ArrowDown: null, ArrowUp: null,
    e: () => step(1, (event) => ['error', 'lost'].includes(event.group)), E: () => step(-1, (event) => ['error', 'lost'].includes(event.group)),
    l: () => showLost(data.journeys[[...drawn].find((n) => isLost(data.journeys[n]))]?.hops.find((hop) => hop.row)?.row),
    g: () => choose(shown[0]), G: () => choose(shown[shown.length - 1]),
    '/': () => $('filter').focus(), '?': () => $('help').showModal(),
    '+': () => zoom(scale + 1), '=': () => zoom(scale + 1), '-': () => zoom(scale - 1), 0: () => zoom(USUAL),
    Enter: () => chosen >= 0 && tell(),
  };
  document.addEventListener('keydown', (press) => {
    if (press.ctrlKey || press.metaKey || press.altKey || $('help').open || $('large').open) return;
    if (press.key === 'Escape') {
      if (!$('detail').hidden) close();
      else if (words) {
        words = $('filter').value = '';
        layout();
      }
      $('filter').blur();
      return;
    }
    if (press.target === $('filter')) {
      if (press.key === 'Enter') {
        $('filter').blur();
        step(1);
      }
      return;
    }
    if (press.key === 'Enter' && press.target.closest?.('button, summary')) return;
    const act = KEYS[press.key];
    if (!act) return;
    press.preventDefault();
    act();
  });

  // ---- diagnosis and journeys --------------------------------------------------------------------------------------
  data.findings.forEach((finding, number) => {
    if (number === 1) $('diagnosis').append(make('p', 'others', 'It may also be'));
    // The likeliest is open; the others wait in a line each.
    const card = make(number ? 'details' : 'article', `finding ${finding.verdict}${number ? ' lesser' : ''}`);
    const head = make('h2');
    head.append(make('span', 'chip', finding.verdict), make('span', 'hop', `at ${finding.hop}`), make('span', 'cause', finding.cause));
    if (finding.certainty) head.append(make('span', 'certainty', `certainty ${finding.certainty}`));
    if (number) {
      const summary = make('summary');
      summary.append(head);
      card.append(summary);
    } else {
      card.append(head);
    }
    card.append(make('p', 'why', finding.text));
    const say = (title, text) => {
      const line = make('p', 'remedy');
      line.append(make('b', '', title), make('span', '', text));
      card.append(line);
    };
    say('To do  ', finding.remedy);
    if (finding.sure) say('To be sure  ', finding.sure);
    if (finding.evidence.length) {
      const list = make('ol', 'cited');
      for (const cited of finding.evidence) {
        const link = make('button', '');
        link.append(make('time', '', showStep(cited.ms)), make('span', 'of', cited.source));
        if (NAMES[cited.kind.replace(/^(ws|sse|poll)_/, '')]) link.append(make('span', 'kind-of', NAMES[cited.kind.replace(/^(ws|sse|poll)_/, '')]));
        link.append(make('span', 'text', short(cited.text) || cited.kind));
        link.addEventListener('click', () => goTo(cited.ms, cited.lane, cited.kind));
        const item = make('li');
        item.append(link);
        list.append(item);
      }
      card.append(list);
    }
    $('diagnosis').append(card);
  });

  const drawJourneys = () => {
    $('journeys').hidden = !data.journeys.length;
    data.journeys.forEach((journey, number) => {
      const lost = journey.hops.find((hop) => hop.state === 'missing');
      const row = make('div', `journey w${number % HUES}${lost ? ' is-lost' : ''}`);
      const toggle = make('button', 'toggle');
      toggle.append(make('span', 'swatch'), make('span', 'what', journey.text), make('span', 'who', `${journey.from} → ${journey.to}`));
      toggle.setAttribute('aria-pressed', String(drawn.has(number)));
      toggle.title = 'Draw it across the lanes, or not';
      toggle.addEventListener('click', () => {
        if (drawn.has(number)) drawn.delete(number);
        else drawn.add(number);
        toggle.setAttribute('aria-pressed', String(drawn.has(number)));
        layout();
      });
      const hops = make('ol', 'hops');
      let first = null;
      let before = null;
      let gone = false;
      for (const hop of journey.hops) {
        const state = gone && hop.state === 'missing' ? 'after' : hop.state;
        gone ||= hop.state === 'missing';
        const item = make('li', state);
        const button = make('button', '', hop.name);
        if (hop.ms !== null) {
          if (before !== null) item.append(make('span', 'took', showStep(hop.ms - before)));
          button.addEventListener('click', () => goTo(hop.ms, hop.lane));
          first ??= hop.ms;
          before = hop.ms;
        } else {
          item.append(make('span', 'took', hop.state === 'missing' ? (state === 'after' ? '' : 'lost') : '?'));
          button.disabled = !hop.row;
          button.title = hop.row ? 'Where it is missing ( l )' : hop.state === 'unknown' ? 'no witness saw it' : 'not reached';
          if (hop.row) button.addEventListener('click', () => showLost(hop.row));
        }
        item.append(button);
        hops.append(item);
      }
      const total = make('span', 'total', lost ? `lost at ${lost.name}` : before === null ? '' : showMs(before - first));
      row.append(toggle, hops, total);
      $('journey-list').append(row);
    });
  };

  addEventListener('scroll', later, { passive: true });
  addEventListener('resize', () => {
    drawHeads();
    clearNodes();
    later();
  });
  drawKinds();
  drawJourneys();
  drawHeads();
  layout();
})();
