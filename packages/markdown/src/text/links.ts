const SAFE_SCHEMES = new Set(['http:', 'https:', 'mailto:'])

/**
 * Returns the URL as a browser normalises it, if its scheme is http, https or mailto and it contains no user name or
 * password. Returns undefined for a relative URL, too, because a browser would complete it by the URL of the page.
 */
export function toSafeHref(href: string): string | undefined {
  const text = href.trim()
  if (!/^[a-z][a-z0-9+.-]*:/i.test(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  return SAFE_SCHEMES.has(url.protocol) && url.username === '' && url.password === '' ? url.href : undefined
}

/** Returns the host or mail address to show beside a link, or undefined if the text of the link already shows it. */
export function findHiddenDestination(href: string, linkText: string): string | undefined {
  const { protocol, host, pathname } = new URL(href)
  const destination = protocol === 'mailto:' ? pathname : host
  return toBareAddress(linkText) === toBareAddress(href) || toBareAddress(linkText) === destination
    ? undefined
    : destination
}

const toBareAddress = (text: string) =>
  text
    .trim()
    .replace(/^mailto:|^https?:\/\//, '')
    .replace(/\/$/, '')
