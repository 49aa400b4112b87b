import type { Indicator } from '@engineer-chat/protocol'

/** A host has its own name as a term, and the names of at most this many domains above it. */
const MAX_PARENT_DOMAINS = 3

/**
 * Lists the terms of an indicator: its value, and the parts by which people also look for it, such as the host of a URL
 * and the domains above a host.
 */
export function listIndicatorTerms({ type, value }: Pick<Indicator, 'type' | 'value'>): string[] {
  const term = value.toLowerCase()
  switch (type) {
    case 'url':
      return listUrlTerms(value)
    case 'email':
      return [term, ...listHostTerms(term.slice(term.indexOf('@') + 1))]
    case 'domain':
      return listHostTerms(term)
    case 'attack':
      // In MITRE ATT&CK, `T1059.001` is a sub-technique of `T1059`. People find the sub-technique by both ids.
      return term.includes('.') ? [term, term.slice(0, term.indexOf('.'))] : [term]
    case 'ipv4':
    case 'ipv6':
    case 'hash':
    case 'cve':
      return [term]
    default:
      return type satisfies never
  }
}

/** Lists the URL without user name, fragment and last slash, its host with the domains above, and its file name. */
function listUrlTerms(value: string): string[] {
  const url = URL.parse(value)
  if (!url) return [value.toLowerCase()]
  const path = url.pathname.toLowerCase()
  // `hostname` has an IPv6 address in brackets.
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const fileName = path.slice(path.lastIndexOf('/') + 1)
  const urlWithoutFragment = `${url.protocol}//${url.host}${path}${url.search}`.toLowerCase()
  const fileTerms = fileName === '' ? [] : [fileName]
  return [...new Set([urlWithoutFragment.replace(/\/$/, ''), ...listHostTerms(host), ...fileTerms])]
}

/** Lists a host and the domains above it, without the top-level domain. An IP address has no domains. */
function listHostTerms(host: string): string[] {
  const terms = [host]
  const isIpAddress = /^[\d.]+$|:/.test(host)
  if (isIpAddress) return terms
  for (let dot = host.indexOf('.'); dot >= 0 && terms.length <= MAX_PARENT_DOMAINS; dot = host.indexOf('.', dot + 1)) {
    const parentDomain = host.slice(dot + 1)
    if (!parentDomain.includes('.')) break
    terms.push(parentDomain)
  }
  return terms
}
