const SCHEMES = new Set(['http:', 'https:', 'mailto:'])

/** Where a link may go: the address as a browser reads it, or undefined for what runs, reads or pretends. */
export function safeHref(href: string): string | undefined {
  const text = href.trim()
  if (!/^[a-z][a-z0-9+.-]*:/i.test(text) || !URL.canParse(text)) return undefined // relative ones would be ours
  const url = new URL(text)
  return SCHEMES.has(url.protocol) && url.username === '' && url.password === '' ? url.href : undefined
}

/** What is shown beside a link whose words don't already say where it goes. */
export function findHiddenDestination(href: string, words: string): string | undefined {
  const { protocol, host, pathname } = new URL(href)
  const where = protocol === 'mailto:' ? pathname : host
  return toBareAddress(words) === toBareAddress(href) || toBareAddress(words) === where ? undefined : where
}

const toBareAddress = (text: string) =>
  text
    .trim()
    .replace(/^mailto:|^https?:\/\//, '')
    .replace(/\/$/, '')
