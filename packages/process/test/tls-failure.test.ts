import { describeTlsFailure } from '@engineer-chat/process/tls-failure'
import t from 'tap'

const createError = (code: string, text = 'x') => Object.assign(new Error(text), { code })

for (const [error, meaning] of [
  [createError('SELF_SIGNED_CERT_IN_CHAIN'), /not of an authority that is trusted/],
  [createError('HANDSHAKE_SSL_ERROR', 'self-signed certificate in certificate chain'), /not of an authority/],
  [
    createError('HANDSHAKE_SSL_ERROR', 'unable to get local issuer certificate; try --use-system-ca'),
    /not of an authority/,
  ],
  [
    createError('HANDSHAKE_SSL_ERROR', "Hostname/IP does not match certificate's altnames: Host: db."),
    /for another host/,
  ],
  [createError('ERR_TLS_CERT_ALTNAME_INVALID'), /for another host/],
  [createError('CERT_HAS_EXPIRED'), /expired/],
  [createError('HANDSHAKE_NO_SSL_SUPPORT'), /does not speak TLS/],
  [createError('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'), /could not be agreed on/],
  [new Error('Failed to refresh slots cache.', { cause: createError('CERT_HAS_EXPIRED') }), /expired/],
] as const) {
  t.test(`[TLS3] the reason why a server is refused is described: ${error.message}`, async (t) => {
    t.match(describeTlsFailure(error), meaning)
    t.notMatch(describeTlsFailure(error), /db\./)
  })
}

t.test('[TLS3] a failure that is not of TLS has no description', async (t) => {
  for (const error of [createError('ECONNREFUSED'), new Error('x'), 'x', undefined])
    t.equal(describeTlsFailure(error), undefined)
})

t.test('[TLS3] an error without a message, as Node has for several refused addresses, is no failure of TLS', (t) => {
  const refused = Object.assign(new AggregateError([new Error('refused')], ''), { code: 'ECONNREFUSED' })
  t.equal(describeTlsFailure(refused), undefined)
  t.equal(describeTlsFailure(new Error('')), undefined)
  t.end()
})
