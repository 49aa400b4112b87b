import { defang, removeDeceptiveMarks } from '@engineer-chat/markdown'
import { createWordFinder } from '../redaction/word-finder.ts'
import { listAddressRuns, listPlainAddresses, type TextRange } from './prose.ts'
import { createSecretCheck } from './secrets-in-links.ts'

/**
 * This module writes out the addresses of links in full, and those of the incident in a form that nobody opens by
 * mistake. An address is a URL, or a text such as `www.evil.example` or `/path` that a renderer makes a link of.
 */

export interface LinkContext {
  /** Holds the joined texts of all sources of the context in lower case. A host in it is an indicator. */
  sourcesText: string
  /** Lists the secrets that were hidden from the model and restored in the answer. */
  secrets: string[]
}

export type LinkKind = 'plain' | 'indicator_link' | 'unsafe_link' | 'secret_in_link'

export interface DisplayedLink {
  kind: LinkKind
  /** Readers see this text. */
  text: string
  /** If true, the text is written as code, so that nobody opens it by mistake. */
  isCode: boolean
  /** The list of findings shows this form, which nobody can open. */
  example: string
}

const MAX_EXAMPLE_CHARACTERS = 200
/** The DNS allows no longer name. */
const MAX_HOST_CHARACTERS = 253
/** Up to this many hosts are searched one by one, which is quicker than one pass for all. */
const FEW_HOSTS = 20

/** Decides once for each address of an answer how it is shown. One pass over the sources' text finds all hosts. */
export class LinkDisplay {
  readonly #sourcesText: string
  readonly #holdsSecret: (address: string) => boolean
  readonly #displayedLinks = new Map<string, DisplayedLink>()
  /** Says for each host that was searched whether the sources' text contains it. */
  readonly #isIndicatorByHost = new Map<string, boolean>()

  constructor({ sourcesText, secrets }: LinkContext) {
    this.#sourcesText = sourcesText
    this.#holdsSecret = createSecretCheck(secrets)
  }

  /** Searches the sources' text for the hosts of many addresses in one pass. `display` searches for the others. */
  searchHosts(addresses: Iterable<string>): void {
    const hosts = new Set<string>()
    for (const address of addresses) {
      if (this.#displayedLinks.has(address)) continue
      for (const host of listHosts(address)) if (!this.#isIndicatorByHost.has(host)) hosts.add(host)
    }
    const indicatorHosts = findIndicatorHosts(this.#sourcesText, [...hosts])
    for (const host of hosts) this.#isIndicatorByHost.set(host, indicatorHosts.has(host))
  }

  display(address: string): DisplayedLink {
    const earlier = this.#displayedLinks.get(address)
    if (earlier) return earlier
    this.searchHosts([address])
    const link = this.#decide(address)
    this.#displayedLinks.set(address, link)
    return link
  }

  /**
   * Lists the bare addresses of a text and how each is displayed. Some renderers read an address up to the next blank;
   * an address is also defanged if this longer run of characters holds a secret.
   */
  listDisplayedLinks(text: string): (TextRange & { link: DisplayedLink })[] {
    const addresses = listPlainAddresses(text)
    if (addresses.length === 0) return []
    const runsWithSecrets = listAddressRuns(text).filter((run) => this.#holdsSecret(readRun(text, run)))
    let runIndex = 0
    return addresses.map((range) => {
      while ((runsWithSecrets[runIndex]?.end ?? Number.POSITIVE_INFINITY) <= range.start) runIndex += 1
      const address = text.slice(range.start, range.end)
      const link = this.display(address)
      const isInRun = (runsWithSecrets[runIndex]?.start ?? Number.POSITIVE_INFINITY) <= range.start
      if (link.kind !== 'plain' || !isInRun) return { ...range, link }
      return { ...range, link: { ...link, kind: 'unsafe_link', text: defang(address), isCode: true } }
    })
  }

  #decide(address: string): DisplayedLink {
    const url = parseAddress(address)
    const example = defang(address).slice(0, MAX_EXAMPLE_CHARACTERS).toWellFormed()
    if (this.#holdsSecret(removeDeceptiveMarks(address))) {
      return { kind: 'secret_in_link', text: '[link left out]', isCode: true, example: 'a link that held a secret' }
    }
    if (url?.protocol === 'mailto:') return createPlainLink(address.replace(/^mailto:/i, ''), example)
    if (!url || !/^(?:https?|ftp|wss?):$/.test(url.protocol)) {
      const isLocalPath = /^\/(?!\/)/.test(address)
      const kind = isLocalPath ? 'plain' : 'unsafe_link'
      return { kind, text: defang(address), isCode: true, example }
    }
    const isIndicator = listHosts(address).some((host) => this.#isIndicatorByHost.get(host))
    return isIndicator
      ? { kind: 'indicator_link', text: defang(address), isCode: true, example }
      : createPlainLink(address, example)
  }
}

const readRun = (text: string, { start, end }: TextRange): string => removeDeceptiveMarks(text.slice(start, end))

/** Finds the hosts that the sources' text contains, each alone or within a longer name. */
function findIndicatorHosts(sourcesText: string, hosts: string[]): Set<string> {
  if (hosts.length <= FEW_HOSTS) return new Set(hosts.filter((host) => sourcesText.includes(host)))
  const candidates = new Set(hosts)
  const found = new Set<string>()
  createWordFinder(hosts).find(sourcesText, (hostIndex) => found.add(hosts[hostIndex] ?? ''))
  // The finder reports only the longest host that ends at a place. This loop adds the shorter hosts that it ends with.
  for (const host of found) {
    for (let start = 1; start < host.length; start += 1) {
      const end = host.slice(start)
      if (candidates.has(end)) found.add(end)
    }
  }
  return found
}

const createPlainLink = (text: string, example: string): DisplayedLink => ({
  kind: 'plain',
  text,
  isCode: false,
  example,
})

/** Captures the host of an address as it is written: `evil.example` in `http://user@evil.example:80/path`. */
const WRITTEN_HOST = /^(?:[a-z]+:\/\/)?(?:[^/?#\s@]*@)?([^/?#\s:]+)/i

/** Returns the host as a browser reads it and as it is written, because the sources' text may have either form. */
function listHosts(address: string): string[] {
  const plainAddress = removeDeceptiveMarks(address)
  const url = parseAddress(plainAddress)
  if (!url) return []
  const writtenHost = WRITTEN_HOST.exec(plainAddress)?.[1] ?? ''
  const hosts = [url.hostname.replace(/^\[|\]$/g, ''), writtenHost.toLowerCase()]
  return [...new Set(hosts.map((host) => host.replace(/^www\./, '').replace(/\.+$/, '')))].filter(
    (host) => host !== '' && host.length <= MAX_HOST_CHARACTERS,
  )
}

/** Parses an address. `www.` without a scheme is one too, because renderers make a link of it. */
function parseAddress(address: string): URL | undefined {
  const withScheme = /^www\./i.test(address) ? `http://${address}` : address
  return URL.canParse(withScheme) ? new URL(withScheme) : undefined
}

/** Returns true if a link's text names a host that is neither its address's host nor a parent domain of it. */
export function isMisleading(linkText: string, address: string): boolean {
  const host = parseAddress(address)?.hostname
  const claimedHost = linkText
    .toLowerCase()
    .split(NO_HOST_CHARACTERS)
    .map((word) => word.replace(/^www\./, '').replace(/\.$/, ''))
    .find(isHost)
  if (claimedHost === undefined || host === undefined) return false
  // A host with other letters than those of ASCII is `xn--…` in a parsed address.
  const asciiHost = parseAddress(`https://${claimedHost}`)?.hostname ?? claimedHost
  return !`.${host}`.endsWith(`.${asciiHost}`)
}

/** Matches what stands between names of hosts, such as Chinese text around `bank.example`. */
const NO_HOST_CHARACTERS = /[^\p{Script=Latin}\p{M}\d._-]+/u

function isHost(word: string): boolean {
  const labels = word.split('.')
  return labels.length > 1 && labels.every((label) => label !== '') && /^[a-z]{2,}$/.test(labels.at(-1) ?? '')
}
