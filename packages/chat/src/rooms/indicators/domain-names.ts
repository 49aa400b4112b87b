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
  'py sh md so ps rs pl cc zip mov pub properties post name target map call search open read run new bar java'.split(
    ' ',
  ),
)

/** Before the last ending of a file, there is another ending or a version: `invoice.pdf.zip`, `libpam.1.so`. */
const INNER_ENDING = /^(?:v?\d+|pdf|docx?|xlsx?|pptx?|exe|dll|js|min|tar|jpe?g|png|gif|txt|csv|html?|log|bak)$/i
/** A package of code names its top level first: `com.evil.app`. */
const PACKAGE_HEAD = /^(?:com|org|net|io|cn|de)$/i

function looksLikeFileOrCode(labels: string[], topLevel: string): boolean {
  if (labels.length === 2) return FILE_OR_CODE.has(topLevel)
  const before = labels.at(-2) ?? ''
  return PACKAGE_HEAD.test(labels[0] ?? '') || (FILE_OR_CODE.has(topLevel) && INNER_ENDING.test(before))
}

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
  if (!defanged && looksLikeFileOrCode(labels, topLevel)) return false
  if (RESERVED.has(topLevel)) return true
  const { domain, isIcann } = parse(name)
  return isIcann === true && domain !== null
}

export const isInternalDomain = (name: string): boolean => INTERNAL.has(name.split('.').at(-1)?.toLowerCase() ?? '')
