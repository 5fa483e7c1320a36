// Errors of the page and of its files.
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
