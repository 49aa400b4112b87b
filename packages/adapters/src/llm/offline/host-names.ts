const TOP_LEVEL =
  'com net org info biz xyz top club online site shop app dev cloud tech live pro mobi name edu gov mil int arpa icu vip work link click support services network systems email space website store world today news wiki host fun page win bid loan stream download racing review cyou cfd sbs buzz onion example test invalid local localdomain corp internal intranet lan intra home'
const KNOWN = new Set(TOP_LEVEL.split(' '))
const INTERNAL = new Set(['local', 'localdomain', 'corp', 'internal', 'intranet', 'lan', 'intra', 'home'])
/** No country has these. */
const FILE_ENDINGS = new Set('js ts db gz vb rb cs go xz ko vm'.split(' '))
/** Countries have these and so have scripts: a name with a single dot is a file. */
const MAYBE_FILE = new Set('py sh md so ps rs pl cc'.split(' '))

/** `tld` is spelled as it was written: in `done.The` a sentence begins, not a domain. */
export function isDomain(name: string): boolean {
  const labels = name.split('.')
  const last = labels.at(-1) ?? ''
  if (/^[A-Z][a-z]/.test(last)) return false
  const tld = last.toLowerCase()
  if (KNOWN.has(tld)) return true
  if (tld.length !== 2 || FILE_ENDINGS.has(tld)) return false
  return labels.length > 2 || !MAYBE_FILE.has(tld)
}

export const isInternalDomain = (name: string): boolean => INTERNAL.has(name.split('.').at(-1)?.toLowerCase() ?? '')

export function isInternalAddress(address: string): boolean {
  return (
    /^(10|127)\.|^192\.168\.|^169\.254\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(
      address,
    ) || /^(f[cd]|fe[89ab])[0-9a-f]{0,2}:|^::1$/i.test(address)
  )
}

const NO_HOST =
  /^(cve|cwe|sha|md|utf|iso|rfc|aes|tls|ssl|kb|ms|http|usb|cobalt|phase|step|tier|stage|day|round|level|top|part|covid|port|id|p|v|sev|priority|case|ticket|inc|log4j)-/i

export const isHostName = (name: string): boolean => /\d/.test(name) && !NO_HOST.test(name)
