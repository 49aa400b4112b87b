import { parse } from 'tldts'

/** These top-level domains are reserved, or used inside of companies, and stand in no list of public suffixes. */
const RESERVED = new Set(
  'example test invalid local localdomain localhost internal corp intranet lan intra home'.split(' '),
)
const INTERNAL = new Set('local localdomain localhost internal corp intranet lan intra home'.split(' '))
/** These are top-level domains and endings of files or words of code: a name with a single dot is rather one of those. */
const FILE_OR_CODE = new Set(
  'py sh md so ps rs pl cc zip mov name target map call search open read run new bar java'.split(' '),
)

/**
 * Says whether a name is a domain by the list of public suffixes (publicsuffix.org, kept by `tldts`). It takes the name as it was written: in
 * `done.The` a sentence begins.
 * @param defanged whether its author wrote it as `evil[.]example`, which nobody does with a file
 */
export function isDomain(name: string, { defanged = false } = {}): boolean {
  const labels = name.split('.')
  const last = labels.at(-1) ?? ''
  if (!defanged && /^[A-Z][a-z]/.test(last)) return false
  const topLevel = last.toLowerCase()
  if (labels.length === 2 && !defanged && FILE_OR_CODE.has(topLevel)) return false
  if (RESERVED.has(topLevel)) return true
  const { domain, isIcann } = parse(name)
  return isIcann === true && domain !== null
}

export const isInternalDomain = (name: string): boolean => INTERNAL.has(name.split('.').at(-1)?.toLowerCase() ?? '')
