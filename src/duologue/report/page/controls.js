// Kinds, filter, zoom and keys.
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
