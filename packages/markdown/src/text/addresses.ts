/**
 * Writes an address so that nobody opens it by a slip: `hxxps://evil[.]example/a.php`, `wss[:]//evil[.]example`, `anna[@]evil[.]example`. Only
 * the dots of the host are changed, and schemes wherever they stand. What is defanged stays as it is.
 */
export const defang = (address: string): string =>
  address
    .replace(/(htt(ps?)|ftp|wss?):\/\//gi, (_, scheme: string, ps?: string) => toBrokenScheme(scheme, ps))
    .replace(
      /^([a-z]+(?::|\[:\])\/\/)?([^/?#\s]+)/i,
      (_, scheme = '', host: string) => scheme + defangHost(host, scheme === ''),
    )

function toBrokenScheme(scheme: string, ps: string | undefined): string {
  if (ps !== undefined) return `hxx${ps}://`
  return /^ftp$/i.test(scheme) ? 'fxp://' : `${scheme}[:]//`
}

function defangHost(host: string, isMail: boolean): string {
  const dotted = host.replace(/(?<!\[)\./g, '[.]')
  return isMail ? dotted.replace(/(?<!\[)@/g, '[@]') : dotted
}

/** Defanged text as it was, in the ways in which people write it: `[.]`, ` (dot) `, `[:]//`, `[://]`, `[at]`. */
export const refang = (text: string): string =>
  text
    .replace(/(?<![a-z\d])hxxp/gi, 'http')
    .replace(/(?<![a-z\d])fxp(?=:\/\/|\[:)/gi, 'ftp')
    .replace(/\[(:\/\/|:|\/)\]/g, '$1')
    .replace(/ ?[[({](?:\.|dot)[\])}] ?/gi, '.')
    .replace(/ ?[[({](?:@|at)[\])}] ?/gi, '@')
