/** A path of our own to go back to, from a form or a query; anything else is the start page. */
export function localPath(given: unknown): string {
  if (typeof given !== 'string' || !given.startsWith('/')) return '/';
  const at = URL.parse(given, 'http://local');
  return at?.origin === 'http://local' && !at.pathname.startsWith('//') ? at.pathname + at.search : '/';
}
