import { parseRedisAddress } from '@engineer-chat/adapters/environment'
import { createRedisConnector, readRedisInfo } from '@engineer-chat/adapters/redis'
import {
  canCreateCertificates,
  createAuthority,
  startRedisCluster,
  startRedisSentinel,
  startRedisWithTls,
} from '@engineer-chat/local-stack'
import { describeTlsFailure } from '@engineer-chat/process/tls-failure'
import t from 'tap'

t.setTimeout(240_000) // Each Redis server and each openssl command is a separate process.

const skip = canCreateCertificates() ? false : 'this test needs openssl'

for (const [topology, start] of [
  ['one server', startRedisWithTls],
  ['Sentinels and their servers', startRedisSentinel],
  ['a cluster', startRedisCluster],
] as const) {
  t.test(`[TLS2] ${topology}: only a certificate of the authority that is named is accepted`, { skip }, async (t) => {
    const authority = await createAuthority()
    const otherAuthority = await createAuthority()
    const certificate = await authority.issue(['127.0.0.1'])
    const server = await start(certificate)
    t.teardown(async () => {
      await server.stop()
      authority.remove()
      otherAuthority.remove()
    })
    const createConnector = (ca: string) => createRedisConnector({ ...parseRedisAddress(server.url), ca })
    const primaries = await readRedisInfo(createConnector(certificate.pem))
    t.equal(primaries.length, topology === 'a cluster' ? 3 : 1)
    const { pem: otherPem } = await otherAuthority.issue(['127.0.0.1'])
    const error = await readRedisInfo(createConnector(otherPem)).catch((error: unknown) => error)
    t.match(describeTlsFailure(error), /not of an authority that is trusted here/)
    const { password } = new URL(server.url.replace(/,.*/, ''))
    t.notOk(String(error).includes(password), 'the error contains no password')
  })
}

t.test('[TLS2] a server is compared with the host that its address names', { skip }, async (t) => {
  const authority = await createAuthority()
  const certificate = await authority.issue(['localhost'])
  const server = await startRedisWithTls(certificate)
  t.teardown(async () => {
    await server.stop()
    authority.remove()
  })
  const readInfo = (url: string) =>
    readRedisInfo(createRedisConnector({ ...parseRedisAddress(url), ca: certificate.pem }))
  t.match(await readInfo(server.url.replace('127.0.0.1', 'localhost')), [{ policy: 'noeviction' }])
  const error = await readInfo(server.url).catch((error: unknown) => error)
  t.match(describeTlsFailure(error), /for another host/)
})
