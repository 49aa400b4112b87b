/** Addresses as they may be shown: whole, and those of the incident so that nobody opens them by a slip. */

export interface LinkContext {
  /** Everything that is recorded of the event, in lower case: a host that is named there is an indicator. */
  record: string
  /** What was hidden from the model and put back. */
  secrets: string[]
}

export type LinkKind = 'plain' | 'indicator_link' | 'unsafe_link' | 'secret_in_link'

export interface Shown {
  kind: LinkKind
  /** In the text. */
  text: string
  /** For the record of what was found: nobody can open it. */
  example: string
}

const MOST_EXAMPLE = 200

export function shownAddress(address: string, { record, secrets }: LinkContext): Shown {
  const url = parse(address)
  const example = defanged(address).slice(0, MOST_EXAMPLE).toWellFormed()
  if (secrets.some((secret) => address.includes(secret) || address.includes(encodeURIComponent(secret)))) {
    return { kind: 'secret_in_link', text: '`[link left out]`', example: 'a link that held a secret' }
  }
  if (url?.protocol === 'mailto:') return { kind: 'plain', text: address.replace(/^mailto:/i, ''), example }
  if (!url || !/^https?:$/.test(url.protocol)) {
    return { kind: /^[#/](?!\/)/.test(address) ? 'plain' : 'unsafe_link', text: code(defanged(address)), example }
  }
  const isIndicator = record.includes(url.hostname.replace(/^www\./, ''))
  return isIndicator
    ? { kind: 'indicator_link', text: code(defanged(address)), example }
    : { kind: 'plain', text: address, example }
}

function parse(address: string): URL | undefined {
  return URL.canParse(address) ? new URL(address) : undefined
}

/** `hxxps://evil[.]example/a.php`: dots of the host alone. */
function defanged(address: string): string {
  return address
    .replace(/^(?:h(tt)(ps?)|(ftp)):\/\//i, (_, _tt, ps, ftp) => (ftp ? 'fxp://' : `hxx${ps}://`))
    .replace(
      /^([a-z]+:\/\/)?([^/?#\s]+)/i,
      (_, scheme = '', host: string) => scheme + host.replace(/(?<!\[)\./g, '[.]'),
    )
}

/** Defanged text as it was, for comparing. */
export const refanged = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\bhxxp/g, 'http')
    .replace(/[[({](?:\.|dot)[\])}]/g, '.')
    .replace(/\[:\/\/\]/g, '://')

const code = (text: string): string => `\`${text.replaceAll('`', "'")}\``

/** Whether a link's words claim another place than the one it leads to. */
export function isMisleading(words: string, address: string): boolean {
  const claimed = /(?:https?:\/\/)?((?:[a-z0-9-]+\.)+[a-z]{2,})/i.exec(words)?.[1]?.toLowerCase()
  const host = parse(address)?.hostname
  return claimed !== undefined && host !== undefined && !host.endsWith(claimed.replace(/^www\./, ''))
}
