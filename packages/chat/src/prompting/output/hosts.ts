import { domainToUnicode } from 'node:url'
import { removeDeceptiveMarks } from '@engineer-chat/markdown'
import { createWordFinder } from '../redaction/word-finder.ts'

/**
 * This module compares the hosts of an answer's addresses with the texts of its sources. The same host can be written
 * in several ways: `例子.com` and `xn--fsqu00a.com`, `2001:db8::1` and `2001:0db8:0:0:0:0:0:1`.
 */

/** The length of the longest name in the DNS. */
const MAX_HOST_CHARACTERS = 253
/** So few hosts are searched one after another. For more hosts, a single pass that finds all of them is quicker. */
const MAX_SINGLE_SEARCHES = 20
/** Captures the host of an address as it is written: `evil.example` in `http://user@evil.example:80/path`. */
const WRITTEN_HOST = /^(?:[a-z]+:\/\/)?(?:[^/?#\s@]*@)?(\[[^\]/?#\s]*\]|[^/?#\s:]+)/i
const PUNYCODE_LABEL = /xn--[a-z\d-]{1,59}/g
/** Matches what may be an IPv6 address, also one that ends with an IPv4 address. Repetitions are bounded. */
const POSSIBLE_IPV6 = /(?:(?<!\w)[\da-f]{1,4})?:[\da-f]{0,4}:[\da-f:]{0,36}(?:(?:\.\d{1,3}){3})?/g
/** Captures both halves of the IPv4 address in an IPv6 address, as `URL` writes it. */
const MAPPED_IPV4 = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/

/** Parses an address. An address that begins with `www.` gets a scheme, because renderers make a link of it, too. */
export function parseAddress(address: string): URL | undefined {
  const withScheme = /^www\./i.test(address) ? `http://${address}` : address
  return URL.canParse(withScheme) ? new URL(withScheme) : undefined
}

/**
 * Lists the forms of an address's host: as a browser reads it, and as it is written. The sources may have either. An
 * IPv6 address that stands for an IPv4 address has that form, too.
 */
export function listHosts(address: string): string[] {
  const plainAddress = removeDeceptiveMarks(address)
  const url = parseAddress(plainAddress)
  if (!url) return []
  const readHost = removeBrackets(url.hostname)
  const writtenHost = removeBrackets(WRITTEN_HOST.exec(plainAddress)?.[1] ?? '').toLowerCase()
  const hosts = [readHost, writtenHost, toMappedIpv4(readHost)].map(toComparable)
  return [...new Set(hosts.map((host) => host.replace(/^www\./, '').replace(/\.+$/, '')))].filter(
    (host) => host !== '' && host.length <= MAX_HOST_CHARACTERS,
  )
}

const removeBrackets = (host: string): string => host.replace(/^\[|\]$/g, '')

/** Returns `203.0.113.7` for `::ffff:cb00:7107`, and an empty text for other hosts. */
function toMappedIpv4(host: string): string {
  const halves = MAPPED_IPV4.exec(host)?.slice(1) ?? []
  return halves
    .map((half) => Number.parseInt(half, 16))
    .flatMap((half) => [half >> 8, half & 0xff])
    .join('.')
}

/** Converts the sources' text, which is in lower case, to a text in which `findIndicatorHosts` can search. */
export const toSearchedText = (sourcesText: string): string =>
  toComparable(sourcesText).replace(POSSIBLE_IPV6, (written) => {
    const address = written.replace(/(?<!:):$/, '').replace(/^:(?!:)/, '')
    const url = parseAddress(`http://[${address}]/`)
    if (!url) return written
    const host = removeBrackets(url.hostname)
    // The written form stays, because it may contain an IPv4 address.
    return `${written} ${host} ${toMappedIpv4(host)} `
  })

/** Converts the host names in a text to letters in their usual form: `xn--fsqu00a.com` and `例子。ｃｏｍ` to `例子.com`. */
const toComparable = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('。', '.')
    .replace(PUNYCODE_LABEL, (label) => domainToUnicode(label) || label)

/** Finds the hosts that occur in the searched text, alone or as a part of a longer name. */
export function findIndicatorHosts(searchedText: string, hosts: string[]): Set<string> {
  if (hosts.length <= MAX_SINGLE_SEARCHES) return new Set(hosts.filter((host) => searchedText.includes(host)))
  const candidates = new Set(hosts)
  const found = new Set<string>()
  createWordFinder(hosts).find(searchedText, (hostIndex) => found.add(hosts[hostIndex] ?? ''))
  // If several hosts end at the same place, the finder reports only the longest one. This loop adds the shorter ones.
  for (const host of found) {
    for (let start = 1; start < host.length; start += 1) {
      const shorterHost = host.slice(start)
      if (candidates.has(shorterHost)) found.add(shorterHost)
    }
  }
  return found
}
