/**
 * Writes an address so that nobody opens it by mistake: `hxxps://evil[.]example/a.php`, `wss[:]//evil[.]example`,
 * `anna[@]evil[.]example`. It changes the schemes of HTTP, FTP and WebSocket wherever they occur, the host's dots,
 * and the `@` of a mail address. A defanged address stays unchanged.
 */
export const defang = (address: string): string =>
  address
    .replace(/(htt(ps?)|ftp|wss?):\/\//gi, (_, scheme: string, httpSuffix?: string) =>
      toBrokenScheme(scheme, httpSuffix),
    )
    .replace(
      /^([a-z]+(?::|\[:\])\/\/)?([^/?#\s]+)/i,
      (_, scheme = '', host: string) => scheme + defangHost(host, scheme === ''),
    )

function toBrokenScheme(scheme: string, httpSuffix: string | undefined): string {
  if (httpSuffix !== undefined) return `hxx${httpSuffix}://`
  return /^ftp$/i.test(scheme) ? 'fxp://' : `${scheme}[:]//`
}

function defangHost(host: string, isMail: boolean): string {
  const dotted = host.replace(/(?<!\[)\./g, '[.]')
  return isMail ? dotted.replace(/(?<!\[)@/g, '[@]') : dotted
}

/** Restores defanged addresses in the common notations: `hxxp`, `[.]`, ` (dot) `, `[:]//`, `[://]`, `[at]`. */
export const refang = (text: string): string =>
  text
    .replace(/(?<![a-z\d])hxxp/gi, 'http')
    .replace(/(?<![a-z\d])fxp(?=:\/\/|\[:)/gi, 'ftp')
    .replace(/\[(:\/\/|:|\/)\]/g, '$1')
    .replace(/ ?[[({](?:\.|dot)[\])}] ?/gi, '.')
    .replace(/ ?[[({](?:@|at)[\])}] ?/gi, '@')
