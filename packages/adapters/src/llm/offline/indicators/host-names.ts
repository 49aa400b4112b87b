/** Returns true for loopback, private, link-local and carrier-grade NAT addresses. */
export function isInternalAddress(address: string): boolean {
  return (
    /^(10|127)\.|^192\.168\.|^169\.254\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(
      address,
    ) || /^(f[cd]|fe[89ab])[0-9a-f]{0,2}:|^::1$/i.test(address)
  )
}

/** Matches the beginnings of names that only look like hosts, such as `CVE-2026-1234` or `SHA-256`. */
const NO_HOST =
  /^(cve|cwe|sha|md|utf|iso|rfc|aes|tls|ssl|kb|ms|http|usb|cobalt|phase|step|tier|stage|day|round|level|top|part|covid|port|id|p|v|sev|priority|case|ticket|inc|log4j)-/i

/** Matches the regions of cloud providers, such as `us-west-2`. */
const CLOUD_REGION = /^(?:us|eu|ap|sa|ca|me|af|il|mx|cn)(?:-gov)?-(?:north|south|east|west|central)[a-z]*-?\d$/i

export const isHostName = (name: string): boolean => /\d/.test(name) && !NO_HOST.test(name) && !CLOUD_REGION.test(name)

const ACCOUNT_PREFIX = /^(?:svc|srv|service|adm|admin|app|sql|bak|backup|test|sa|ci|cd|bot|robot|deploy|build)-/i

/** Requires a digit, `.`, `_` or a usual prefix, because another word with a hyphen is seldom an account's name. */
export const isAccountName = (name: string): boolean =>
  name.length > 3 && (/[._\d]/.test(name) || ACCOUNT_PREFIX.test(name))
