interface Failure {
  code: RegExp
  /** A driver may replace the code, so the texts of Node and OpenSSL count, too. */
  text: RegExp
  meaning: string
}

const FAILURES: Failure[] = [
  {
    code: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    text: /does not match certificate's altnames/,
    meaning: 'its certificate is for another host than the address names',
  },
  {
    code: /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/,
    text: /certificate (has expired|is not yet valid)/,
    meaning: 'its certificate has expired or is not valid yet',
  },
  {
    code: /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(_LOCALLY)?)|CERT_(SIGNATURE_FAILURE|UNTRUSTED|REJECTED))$/,
    text: /self-signed certificate|unable to (verify the first|get (local )?issuer) certificate|certificate signature failure/,
    meaning: 'its certificate is not of an authority that is trusted here',
  },
  {
    code: /^(HANDSHAKE_NO_SSL_SUPPORT|ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG)$/,
    text: /wrong version number|packet length too long/,
    meaning: 'it does not speak TLS at this address',
  },
  { code: /^(HANDSHAKE_SSL_ERROR|ERR_SSL_\w+)$/, text: /^$/, meaning: 'TLS could not be agreed on' },
]

/**
 * Describes for an operator why a TLS server was refused, or returns undefined for another failure. The text continues
 * "the server is refused: …" and names no host, though the error's own text does.
 */
export function describeTlsFailure(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { message } = cause
    const code = 'code' in cause ? String(cause.code) : ''
    const found = FAILURES.find((one) => one.code.test(code) || one.text.test(message))
    // The text is preferred, because a driver may have replaced the code by a general one.
    if (found) return FAILURES.find((one) => one.text.test(message))?.meaning ?? found.meaning
  }
  return undefined
}
