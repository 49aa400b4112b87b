interface Failure {
  code: RegExp
  /** Matches the messages of Node and OpenSSL, because a driver may replace the code by a general one. */
  text?: RegExp
  meaning: string
}

const FAILURES: Failure[] = [
  {
    code: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    text: /does not match certificate's altnames/,
    meaning: 'its certificate is for another host than the one in the address',
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
  { code: /^(HANDSHAKE_SSL_ERROR|ERR_SSL_\w+)$/, meaning: 'TLS could not be agreed on' },
]

/**
 * Describes for an operator why this process refused a TLS server, or returns undefined for another failure. The
 * description fits after "the server is refused: " and names no host, unlike the message of the error.
 */
export function describeTlsFailure(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { message } = cause
    const code = 'code' in cause ? String(cause.code) : ''
    const failure =
      FAILURES.find(({ text }) => text?.test(message)) ?? FAILURES.find((candidate) => candidate.code.test(code))
    if (failure) return failure.meaning
  }
  return undefined
}
