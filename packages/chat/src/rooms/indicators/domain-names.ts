import { parse } from 'tldts'

/** These top-level domains are used inside companies. */
const INTERNAL_TOP_LEVELS = new Set('local localdomain localhost internal corp intranet lan intra home'.split(' '))
/** The list of public suffixes lacks these: the internal ones, and those that are reserved for examples and tests. */
const UNLISTED_TOP_LEVELS = new Set(['example', 'test', 'invalid', ...INTERNAL_TOP_LEVELS])
/**
 * These top-level domains are also endings of file names or words of code. A name with one dot, such as `main.py` or
 * `array.map`, is more likely a file or code than a domain.
 */
const FILE_OR_CODE_TOP_LEVELS = new Set(
  'py sh md so ps rs pl cc zip mov pub properties post name target map call search open read run new bar java'.split(
    ' ',
  ),
)

/** Matches the label before the ending of a file: the `pdf` of `bill.pdf.zip`, or the version `1` of `libpam.1.so`. */
const INNER_ENDING = /^(?:v?\d+|pdf|docx?|xlsx?|pptx?|exe|dll|js|min|tar|jpe?g|png|gif|txt|csv|html?|log|bak)$/i
/** Matches the first label of a package of code, such as the `com` of `com.evil.app`. */
const FIRST_PACKAGE_LABEL = /^(?:com|org|net|io|cn|de)$/i
/** Many hosts and almost no packages end with these. Packages do end with `io`, `cloud`, `security` or a country. */
const HOST_TOP_LEVELS = new Set('com org edu gov ru top xyz local corp lan'.split(' '))
/** Matches a public suffix of two labels, such as `edu.cn` or `co.uk`. No package ends with one. */
const TWO_LABEL_SUFFIX = /^(?:com?|net|org|edu|gov|ac)\./

function looksLikeFileOrCode(labels: string[], topLevel: string): boolean {
  if (labels.length === 2) return FILE_OR_CODE_TOP_LEVELS.has(topLevel)
  const innerEnding = labels.at(-2) ?? ''
  return FILE_OR_CODE_TOP_LEVELS.has(topLevel) && INNER_ENDING.test(innerEnding)
}

/** Returns true for a package such as `com.evil.app`, but not for a host with such a beginning: `de.wikipedia.org`. */
function looksLikePackage(name: string, labels: string[], topLevel: string): boolean {
  if (labels.length < 3 || !FIRST_PACKAGE_LABEL.test(labels[0] ?? '')) return false
  const isMixedCase = /[a-z]/.test(name) && /[A-Z]/.test(name)
  if (isMixedCase) return true
  // A name of more than three labels that ends with `net` is a package, such as `com.google.common.net`. A shorter name
  // is a host, such as `cn.battle.net`.
  if (topLevel === 'net') return labels.length > 3
  return !HOST_TOP_LEVELS.has(topLevel) && !TWO_LABEL_SUFFIX.test(parse(name).publicSuffix ?? '')
}

/**
 * Returns true if a name is a domain: its suffix is in the list of public suffixes (publicsuffix.org, from `tldts`) or
 * in `UNLISTED_TOP_LEVELS`, and it is probably no file and no package. Callers pass the name in the letter case of the
 * text, because the capital letter in `done.The` shows that a sentence begins there.
 * @param isSurelyHost true if the name cannot be a file or a package, because it was written as `evil[.]example`, or is
 * the host of a URL or of a mail address. Its letter case then does not matter.
 */
export function isDomain(name: string, { isSurelyHost = false } = {}): boolean {
  const labels = name.split('.')
  const lastLabel = labels.at(-1) ?? ''
  const beginsSentence = /^[A-Z][a-z]/.test(lastLabel)
  if (!isSurelyHost && beginsSentence) return false
  const topLevel = lastLabel.toLowerCase()
  if (!isSurelyHost && (looksLikeFileOrCode(labels, topLevel) || looksLikePackage(name, labels, topLevel))) return false
  if (UNLISTED_TOP_LEVELS.has(topLevel)) return true
  const { domain, isIcann } = parse(name)
  return isIcann === true && domain !== null
}

/** Returns true if the top-level domain of a name is used inside companies: `db1.corp`. */
export const isInternalDomain = (name: string): boolean =>
  INTERNAL_TOP_LEVELS.has(name.split('.').at(-1)?.toLowerCase() ?? '')
