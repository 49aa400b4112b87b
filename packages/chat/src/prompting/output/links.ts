/** Addresses as they may be shown: whole, and those of the incident so that nobody opens them by a slip. */

export interface LinkContext {
  /** Everything that is recorded of the event, in lower case: a host that is named there is an indicator. */
  record: string
  /** Lists what was hidden from the model and put back into the answer. */
  secrets: string[]
}

export type LinkKind = 'plain' | 'indicator_link' | 'unsafe_link' | 'secret_in_link'

export interface DisplayedLink {
  kind: LinkKind
  /** Readers see this text. */
  text: string
  /** Whether it is written as code, so that nobody opens it by a slip. */
  isCode: boolean
  /** For the record of what was found: nobody can open it. */
  example: string
}

const MOST_EXAMPLE = 200

export function toDisplayedLink(address: string, { record, secrets }: LinkContext): DisplayedLink {
  const url = parseAddress(address)
  const example = defang(address).slice(0, MOST_EXAMPLE).toWellFormed()
  if (secrets.some((secret) => holdsSecret(address, secret))) {
    return { kind: 'secret_in_link', text: '[link left out]', isCode: true, example: 'a link that held a secret' }
  }
  if (url?.protocol === 'mailto:') return plain(address.replace(/^mailto:/i, ''), example)
  if (!url || !/^(?:https?|ftp):$/.test(url.protocol)) {
    const kind = /^\/(?!\/)/.test(address) ? 'plain' : 'unsafe_link'
    return { kind, text: defang(address), isCode: true, example }
  }
  const isIndicator = hostsOf(address, url).some((host) => record.includes(host))
  return isIndicator
    ? { kind: 'indicator_link', text: defang(address), isCode: true, example }
    : plain(address, example)
}

/** Characters at which an address ends in prose, or that are not counted as its end. */
const ENDS_ADDRESS = /[\s!?*_'"`()[\]|^\\<>,;:.]/
const MIN_SECRET_HEAD = 3

/** A secret with a character that ends an address stands in it as its head alone: `?p=Summer2025` of `Summer2025!`. */
function holdsSecret(address: string, secret: string): boolean {
  if (address.includes(secret) || address.includes(encodeURIComponent(secret))) return true
  const head = secret.slice(0, secret.search(ENDS_ADDRESS))
  return ENDS_ADDRESS.test(secret) && head.length >= MIN_SECRET_HEAD && address.endsWith(head)
}

const plain = (text: string, example: string): DisplayedLink => ({ kind: 'plain', text, isCode: false, example })

/** As a browser reads it, and as it was written: a record names hosts in their own script. */
function hostsOf(address: string, url: URL): string[] {
  const written = /^[a-z]+:\/\/(?:[^/?#\s@]*@)?([^/?#\s:]+)/i.exec(address)?.[1] ?? ''
  const hosts = [url.hostname, written.toLowerCase()].map((host) => host.replace(/^www\./, '').replace(/\.+$/, ''))
  return hosts.filter((host) => host !== '')
}

function parseAddress(address: string): URL | undefined {
  return URL.canParse(address) ? new URL(address) : undefined
}

/** Writes `hxxps://evil[.]example/a.php`: only the dots of the host are changed. */
function defang(address: string): string {
  return address
    .replace(/(?:htt(ps?)|ftp):\/\//gi, (_, ps?: string) => (ps ? `hxx${ps}://` : 'fxp://'))
    .replace(
      /^([a-z]+:\/\/)?([^/?#\s]+)/i,
      (_, scheme = '', host: string) => scheme + host.replace(/(?<!\[)\./g, '[.]'),
    )
}

/** Defanged text as it was, for comparing. */
export const refang = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\bhxxp/g, 'http')
    .replace(/[[({](?:\.|dot)[\])}]/g, '.')
    .replace(/\[:\/\/\]/g, '://')

/** Returns true if a link's words name another place than its address. */
export function isMisleading(words: string, address: string): boolean {
  const host = parseAddress(address)?.hostname
  const claimed = words
    .toLowerCase()
    .split(/[^a-z0-9.-]+/)
    .map((word) => word.replace(/^www\./, ''))
    .find(isHost)
  return claimed !== undefined && host !== undefined && !host.endsWith(claimed.replace(/\.$/, ''))
}

function isHost(word: string): boolean {
  const labels = word.replace(/\.$/, '').split('.')
  return labels.length > 1 && labels.every((label) => label !== '') && /^[a-z]{2,}$/.test(labels.at(-1) ?? '')
}
