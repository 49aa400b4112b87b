import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Test, test } from 'tap'
import { type RedisDeployment, startRedisCluster, startRedisSentinel } from '../src/index.ts'

test('[HOUSE9] a replica takes over from a killed primary, and the Sentinels name it', (t) =>
  proveTakeover(t, startRedisSentinel, { nodes: 2, sentinels: 3, primaries: 1, scheme: 'redis+sentinel:' }))

test('[HOUSE9] in a cluster, a replica takes over from a primary that hangs', (t) =>
  proveTakeover(t, startRedisCluster, { nodes: 6, sentinels: 0, primaries: 3, scheme: 'redis+cluster:' }))

interface ExpectedDeployment {
  nodes: number
  sentinels: number
  primaries: number
  scheme: string
}

/** Kills the primary of a deployment with Sentinels, or pauses a primary of a cluster, and waits for another primary. */
async function proveTakeover(
  t: Test,
  start: () => Promise<RedisDeployment>,
  expected: ExpectedDeployment,
): Promise<void> {
  const deployment = await start()
  t.teardown(() => deployment.stop())
  t.ok(deployment.url.startsWith(expected.scheme))
  t.equal(deployment.nodes.length, expected.nodes)
  t.equal(deployment.sentinels.length, expected.sentinels)
  const firstPrimaries = await deployment.listPrimaries()
  t.same(firstPrimaries, deployment.nodes.slice(0, expected.primaries))
  const [failedPrimary] = firstPrimaries
  if (!failedPrimary) throw new Error('no primary')
  if (expected.sentinels > 0) await failedPrimary.kill()
  else process.kill(failedPrimary.pid, 'SIGSTOP')
  await waitUntil(deployment.listPrimaries, (primaries) => {
    return primaries.length === firstPrimaries.length && !primaries.includes(failedPrimary)
  })
  if (expected.sentinels === 0) process.kill(failedPrimary.pid, 'SIGCONT')
  const ports = [...deployment.nodes, ...deployment.sentinels].map(({ url }) => Number(new URL(url).port))
  await deployment.stop()
  for (const port of ports) t.notOk(await isOpen(port))
  t.same(deployment.folders.filter(existsSync), [])
}

async function waitUntil<T>(readValue: () => Promise<T>, isExpected: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await readValue()
    if (isExpected(value)) return value
    await sleep(20)
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
