import type { Indicator } from '@engineer-chat/protocol'

/** A host has the term of its own name, and the terms of at most this many domains above it. */
const MAX_PARENTS = 3

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
      // `T1059.001` is a sub-technique of `T1059` in MITRE ATT&CK, so people find it by both.
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

function listUrlTerms(value: string): string[] {
  const url = URL.parse(value)
  if (!url) return [value.toLowerCase()]
  const path = url.pathname.toLowerCase()
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const file = path.slice(path.lastIndexOf('/') + 1)
  const fullUrl = `${url.protocol}//${url.host}${path}${url.search}`.toLowerCase()
  return [...new Set([fullUrl.replace(/\/$/, ''), ...listHostTerms(host), ...(file === '' ? [] : [file])])]
}

function listHostTerms(host: string): string[] {
  const terms = [host]
  const isIpAddress = /^[\d.]+$|:/.test(host)
  if (isIpAddress) return terms
  for (let dot = host.indexOf('.'); dot >= 0 && terms.length <= MAX_PARENTS; dot = host.indexOf('.', dot + 1)) {
    const parent = host.slice(dot + 1)
    if (!parent.includes('.')) break
    terms.push(parent)
  }
  return terms
}
