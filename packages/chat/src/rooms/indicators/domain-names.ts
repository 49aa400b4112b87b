import { parse } from 'tldts'

/** These top-level domains are used inside companies. The list of public suffixes does not have them. */
const INTERNAL = new Set('local localdomain localhost internal corp intranet lan intra home'.split(' '))
/** The list of public suffixes does not have the top-level domains that are reserved for examples and tests either. */
const RESERVED = new Set(['example', 'test', 'invalid', ...INTERNAL])
/**
 * These top-level domains are also endings of file names or words of code. A name with one dot, such as `main.py` or
 * `array.map`, is more likely a file or code than a domain.
 */
const FILE_OR_CODE = new Set(
  'py sh md so ps rs pl cc zip mov pub properties post name target map call search open read run new bar java'.split(
    ' ',
  ),
)

/** Matches an ending or a version before the last ending of a file: `pdf` in `bill.pdf.zip`, `1` in `libpam.1.so`. */
const INNER_ENDING = /^(?:v?\d+|pdf|docx?|xlsx?|pptx?|exe|dll|js|min|tar|jpe?g|png|gif|txt|csv|html?|log|bak)$/i
/** The name of a package of code begins with a top-level domain: `com.evil.app`. */
const PACKAGE_HEAD = /^(?:com|org|net|io|cn|de)$/i
/** Many hosts end with these, and almost no packages do. Packages end with `io`, `cloud`, `security` or a country. */
const HOST_END = new Set('com org edu gov ru top xyz local corp lan'.split(' '))
/** Matches a public suffix of two labels, with which no package ends, such as `edu.cn` or `co.uk`. */
const SECOND_LEVEL_SUFFIX = /^(?:com?|net|org|edu|gov|ac)\./

function looksLikeFileOrCode(labels: string[], topLevel: string): boolean {
  if (labels.length === 2) return FILE_OR_CODE.has(topLevel)
  const innerEnding = labels.at(-2) ?? ''
  return FILE_OR_CODE.has(topLevel) && INNER_ENDING.test(innerEnding)
}

/** Tells the package `com.evil.app` from hosts whose names begin alike, such as `de.wikipedia.org`. */
function looksLikePackage(name: string, labels: string[], topLevel: string): boolean {
  if (labels.length < 3 || !PACKAGE_HEAD.test(labels[0] ?? '')) return false
  const isMixedCase = /[a-z]/.test(name) && /[A-Z]/.test(name)
  if (isMixedCase) return true
  // A package that ends with `net` is a part of a library: `com.google.common.net`. A host is `cn.battle.net`.
  if (topLevel === 'net') return labels.length > 3
  return !HOST_END.has(topLevel) && !SECOND_LEVEL_SUFFIX.test(parse(name).publicSuffix ?? '')
}

/**
 * Returns true if a name is a domain by the list of public suffixes (publicsuffix.org, from `tldts`). It takes the
 * name as it was written, because the capital letter in `done.The` begins a sentence.
 * @param isSurelyHost true if the name is no file and no package: it was written as `evil[.]example`, or it is the host
 * of a URL or of a mail address
 */
export function isDomain(name: string, { isSurelyHost = false } = {}): boolean {
  const labels = name.split('.')
  const lastLabel = labels.at(-1) ?? ''
  const beginsSentence = /^[A-Z][a-z]/.test(lastLabel)
  if (!isSurelyHost && beginsSentence) return false
  const topLevel = lastLabel.toLowerCase()
  if (!isSurelyHost && (looksLikeFileOrCode(labels, topLevel) || looksLikePackage(name, labels, topLevel))) return false
  if (RESERVED.has(topLevel)) return true
  const { domain, isIcann } = parse(name)
  return isIcann === true && domain !== null
}

export const isInternalDomain = (name: string): boolean => INTERNAL.has(name.split('.').at(-1)?.toLowerCase() ?? '')
