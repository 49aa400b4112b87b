import { parse } from 'tldts'

/** These top-level domains are reserved or used inside companies, and no list of public suffixes has them. */
const RESERVED = new Set(
  'example test invalid local localdomain localhost internal corp intranet lan intra home'.split(' '),
)
const INTERNAL = new Set('local localdomain localhost internal corp intranet lan intra home'.split(' '))
/**
 * These top-level domains also end file names or words of code. A name with a single dot is more likely one of those.
 */
const FILE_OR_CODE = new Set(
  'py sh md so ps rs pl cc zip mov name target map call search open read run new bar java'.split(' '),
)

/**
 * Returns true if a name is a domain by the list of public suffixes (publicsuffix.org, from `tldts`). It takes the
 * name as it was written, because in `done.The` a sentence begins.
 * @param defanged true if its author wrote it as `evil[.]example`, which nobody does with a file
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
