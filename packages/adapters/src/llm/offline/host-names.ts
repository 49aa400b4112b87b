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
