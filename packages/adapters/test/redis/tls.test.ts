import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { parseRedisAddress } from '@engineer-chat/adapters/environment'
import { createLog } from '@engineer-chat/adapters/log'
import { createRedisConnector, openRedisAdapters } from '@engineer-chat/adapters/redis'
import {
  canCreateCertificates,
  createCertificate,
  startRedisCluster,
  startRedisSentinel,
  startRedisWithTls,
} from '@engineer-chat/local-stack'
import t, { type Test } from 'tap'
import { proveQueue } from '../bullmq/suites/queue.ts'
import { createRedisSetUnderTest } from './redis-under-test.ts'
import { createInstallation, waitUntil } from './setup.ts'
import { proveCounts } from './suites/counts.ts'
import { proveHints } from './suites/hints.ts'
import { proveMigration } from './suites/takeover.ts'

t.setTimeout(240_000) // Each Redis server and each openssl command is a separate process.

const skip = canCreateCertificates() ? false : 'this test needs openssl'

async function writeCertificate(t: Test, address?: string) {
  const certificate = await createCertificate(address)
  t.teardown(() => certificate.remove())
  return certificate
}

/** Makes this process trust the certificate, as an operator does with NODE_EXTRA_CA_CERTS. */
function trust(pem: string) {
  setDefaultCACertificates([...getCACertificates('default'), pem])
}

t.test('[HINT11] hints, rate counters and the queue work over TLS on one server', { skip }, async (t) => {
  const certificate = await writeCertificate(t)
  trust(certificate.pem)
  const server = await startRedisWithTls(certificate)
  t.teardown(() => server.stop())
  t.match(server.url, /^rediss:/)
  const redisUnderTest = createRedisSetUnderTest({ url: server.url, nodes: [server], isSteady: async () => true })
  proveHints(t, redisUnderTest)
  proveCounts(t, redisUnderTest)
  proveQueue(t, redisUnderTest)
})

t.test('[HINT11] hints work over TLS with Sentinels and their servers', { skip }, async (t) => {
  const certificate = await writeCertificate(t)
  trust(certificate.pem)
  const set = await startRedisSentinel(certificate)
  t.teardown(() => set.stop())
  t.match(set.url, /^rediss\+sentinel:/)
  proveHints(t, createRedisSetUnderTest(set))
})

t.test('[HINT11] hints, and the migration of slots, work over TLS on a cluster', { skip }, async (t) => {
  const certificate = await writeCertificate(t)
  trust(certificate.pem)
  const set = await startRedisCluster(certificate)
  t.teardown(() => set.stop())
  t.match(set.url, /^rediss\+cluster:/)
  const redisUnderTest = createRedisSetUnderTest(set)
  proveHints(t, redisUnderTest)
  proveMigration(t, redisUnderTest, set)
})

/** Expects a process with this address to log each connection's loss with this code, and no secret. */
async function expectRefusal(t: Test, url: string, code: string, connectionCount: number) {
  const lines: string[] = []
  const log = createLog({ level: 'info', service: 'test', destination: { write: (line) => void lines.push(line) } })
  const connector = createRedisConnector(parseRedisAddress(url))
  const redisAdapters = openRedisAdapters({
    connector,
    namespace: 'n',
    installation: createInstallation(),
    nodeId: 'n',
    log,
  })
  t.teardown(() => redisAdapters.close())
  redisAdapters.feed.onRightsChanged(() => undefined)
  const listLosses = () => lines.filter((line) => line.includes('EngineerChat.redis_lost'))
  await waitUntil(
    () => redisAdapters.feed.findReplyText('nobody'),
    () => listLosses().length === connectionCount,
  )
  t.equal(redisAdapters.status(), 'down')
  t.same(new Set(listLosses().map((line) => JSON.parse(line).error.code)), new Set([code]))
  t.notOk(lines.join('').includes(new URL(url).password), 'the log contains no password')
}

t.test('[HINT11] a certificate that is not trusted is refused, and the log says why', { skip }, async (t) => {
  const certificate = await writeCertificate(t)
  const server = await startRedisWithTls(certificate)
  t.teardown(() => server.stop())
  const code = 'DEPTH_ZERO_SELF_SIGNED_CERT'
  const { password, host } = new URL(server.url)
  await expectRefusal(t, server.url, code, 2)
  await expectRefusal(t, `rediss+sentinel://:${password}@${host}/mymaster?sentinel_password=${password}`, code, 2)
  // Only one connection is opened to a cluster, because it subscribes after a node has answered.
  await expectRefusal(t, `rediss+cluster://:${password}@${host}`, code, 1)
})

t.test('[TLS5] Redis’ certificate is verified, whatever Node’s default is', { skip }, async (t) => {
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
  t.teardown(() => {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
  })
  const server = await startRedisWithTls(await writeCertificate(t))
  t.teardown(() => server.stop())
  const { password, host } = new URL(server.url)
  const code = 'DEPTH_ZERO_SELF_SIGNED_CERT'
  await expectRefusal(t, server.url, code, 2)
  await expectRefusal(t, `rediss+sentinel://:${password}@${host}/mymaster?sentinel_password=${password}`, code, 2)
})

t.test('[HINT11] a certificate for another address is refused, and the log says why', { skip }, async (t) => {
  const certificate = await writeCertificate(t, '127.0.0.2')
  trust(certificate.pem)
  const server = await startRedisWithTls(certificate)
  t.teardown(() => server.stop())
  await expectRefusal(t, server.url, 'ERR_TLS_CERT_ALTNAME_INVALID', 2)
})
