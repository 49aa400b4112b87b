import { defang, removeDeceptiveMarks } from '@engineer-chat/markdown'
import { findIndicatorHosts, listHosts, parseAddress, toSearchedText } from './hosts.ts'
import { createRangeCheck, listAddressRuns, listPlainAddresses, type TextRange } from './prose.ts'
import { createSecretCheck } from './secrets-in-links.ts'

/**
 * This module decides how addresses are shown. They are written out in full. Those of the incident get a form that
 * nobody opens by mistake. An address is a URL, or a text such as `www.evil.example` or `/path` that a renderer makes a
 * link of.
 */

export interface LinkContext {
  /** Holds the texts of all sources of the reply's context, in lower case. A host in these texts is an indicator. */
  sourcesText: string
  /** Lists the secrets that were hidden from the model and restored in the answer. */
  secrets: string[]
}

/** Says what the filter finds in an address. `plain` is no finding. */
export type LinkKind = 'plain' | 'indicator_link' | 'unsafe_link' | 'secret_in_link'

export interface DisplayedAddress {
  kind: LinkKind
  /** Readers see this text. */
  text: string
  /** If true, the text is written as code, so that nobody opens it by mistake. */
  isCode: boolean
  /** The list of findings shows this form, which nobody can open. */
  example: string
}

const MAX_EXAMPLE_CHARACTERS = 200

/** Decides once for each address of an answer how it is shown. */
export class LinkDisplay {
  readonly #sourcesText: string
  readonly #holdsSecret: (address: string) => boolean
  readonly #displayedByAddress = new Map<string, DisplayedAddress>()
  /** Is made of the sources' text when the first host is searched. */
  #searchedText: string | undefined
  /** Holds the searched hosts. The value is true if the sources' text contains the host. */
  readonly #isIndicatorByHost = new Map<string, boolean>()

  constructor({ sourcesText, secrets }: LinkContext) {
    this.#sourcesText = sourcesText
    this.#holdsSecret = createSecretCheck(secrets)
  }

  /**
   * Searches the sources' text for the hosts of many addresses together, which is quicker than a search for each
   * address. `toDisplayed` searches for hosts that are not searched yet.
   */
  searchHosts(addresses: Iterable<string>): void {
    const hosts = new Set<string>()
    for (const address of addresses) {
      if (this.#displayedByAddress.has(address)) continue
      for (const host of listHosts(address)) if (!this.#isIndicatorByHost.has(host)) hosts.add(host)
    }
    if (hosts.size === 0) return
    this.#searchedText ??= toSearchedText(this.#sourcesText)
    const indicatorHosts = findIndicatorHosts(this.#searchedText, [...hosts])
    for (const host of hosts) this.#isIndicatorByHost.set(host, indicatorHosts.has(host))
  }

  toDisplayed(address: string): DisplayedAddress {
    const earlier = this.#displayedByAddress.get(address)
    if (earlier) return earlier
    this.searchHosts([address])
    const displayed = this.#decideDisplay(address)
    this.#displayedByAddress.set(address, displayed)
    return displayed
  }

  /**
   * Lists the bare addresses of a text and how each is displayed. Some renderers read an address further than this
   * program does, to the end of its run. So an address is also defanged if its run holds a secret.
   */
  listDisplayedAddresses(text: string): (TextRange & { displayed: DisplayedAddress })[] {
    const addresses = listPlainAddresses(text)
    if (addresses.length === 0) return []
    const runsWithSecrets = listAddressRuns(text).filter((run) => this.#holdsSecret(toRunText(text, run)))
    const isInRunWithSecret = createRangeCheck(runsWithSecrets)
    return addresses.map((range) => {
      const address = text.slice(range.start, range.end)
      const displayed = this.toDisplayed(address)
      if (displayed.kind !== 'plain' || !isInRunWithSecret(range.start)) return { ...range, displayed }
      return { ...range, displayed: { ...displayed, kind: 'unsafe_link', text: defang(address), isCode: true } }
    })
  }

  #decideDisplay(address: string): DisplayedAddress {
    const url = parseAddress(address)
    const example = defang(address).slice(0, MAX_EXAMPLE_CHARACTERS).toWellFormed()
    if (this.#holdsSecret(removeDeceptiveMarks(address))) {
      return { kind: 'secret_in_link', text: '[link left out]', isCode: true, example: 'a link that held a secret' }
    }
    if (url?.protocol === 'mailto:') return createPlainDisplay(address.replace(/^mailto:/i, ''), example)
    if (!url || !/^(?:https?|ftp|wss?):$/.test(url.protocol)) {
      const isLocalPath = /^\/(?!\/)/.test(address)
      const kind = isLocalPath ? 'plain' : 'unsafe_link'
      return { kind, text: defang(address), isCode: true, example }
    }
    const isIndicator = listHosts(address).some((host) => this.#isIndicatorByHost.get(host))
    return isIndicator
      ? { kind: 'indicator_link', text: defang(address), isCode: true, example }
      : createPlainDisplay(address, example)
  }
}

const toRunText = (text: string, { start, end }: TextRange): string => removeDeceptiveMarks(text.slice(start, end))

const createPlainDisplay = (text: string, example: string): DisplayedAddress => ({
  kind: 'plain',
  text,
  isCode: false,
  example,
})

/** Returns true if the first host in a link's text is neither the address's host nor a parent domain of that host. */
export function isMisleading(linkText: string, address: string): boolean {
  const host = parseAddress(address)?.hostname
  const claimedHost = linkText
    .toLowerCase()
    .split(NOT_IN_HOST)
    .map((word) => word.replace(/^www\./, '').replace(/\.$/, ''))
    .find(isHost)
  if (claimedHost === undefined || host === undefined) return false
  // Parsing converts a host with letters outside ASCII to its form `xn--…`, so both hosts can be compared.
  const asciiHost = parseAddress(`https://${claimedHost}`)?.hostname ?? claimedHost
  return !`.${host}`.endsWith(`.${asciiHost}`)
}

/** Matches characters that are not part of a host, such as the Chinese text around `bank.example`. */
const NOT_IN_HOST = /[^\p{Script=Latin}\p{M}\d._-]+/u

/** Returns true for a domain name with at least two labels. An IP address is none. */
function isHost(word: string): boolean {
  const labels = word.split('.')
  return labels.length > 1 && labels.every((label) => label !== '') && /^[a-z]{2,}$/.test(labels.at(-1) ?? '')
}
