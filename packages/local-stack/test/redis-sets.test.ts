import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Test, test } from 'tap'
import { type RedisSet, startRedisCluster, startRedisSentinel } from '../src/index.ts'

test('[HOUSE9] a replica takes over from a killed primary, and the Sentinels name it', (t) =>
  proveTakeover(t, startRedisSentinel, { nodes: 2, sentinels: 3, primaries: 1, scheme: 'redis+sentinel:' }))

test('[HOUSE9] in a cluster, a replica takes over from a primary that hangs', (t) =>
  proveTakeover(t, startRedisCluster, { nodes: 6, sentinels: 0, primaries: 3, scheme: 'redis+cluster:' }))

interface ExpectedSet {
  nodes: number
  sentinels: number
  primaries: number
  scheme: string
}

/** Kills the primary of a set with Sentinels, or pauses a primary of a cluster, and waits for another primary. */
async function proveTakeover(t: Test, start: () => Promise<RedisSet>, expected: ExpectedSet): Promise<void> {
  const set = await start()
  t.teardown(() => set.stop())
  t.ok(set.url.startsWith(expected.scheme))
  t.equal(set.nodes.length, expected.nodes)
  t.equal(set.sentinels.length, expected.sentinels)
  const firstPrimaries = await set.listPrimaries()
  t.same(firstPrimaries, set.nodes.slice(0, expected.primaries))
  const [failedPrimary] = firstPrimaries
  if (!failedPrimary) throw new Error('no primary')
  if (expected.sentinels > 0) await failedPrimary.kill()
  else process.kill(failedPrimary.pid, 'SIGSTOP')
  await waitUntil(set.listPrimaries, (primaries) => {
    return primaries.length === firstPrimaries.length && !primaries.includes(failedPrimary)
  })
  if (expected.sentinels === 0) process.kill(failedPrimary.pid, 'SIGCONT')
  const ports = [...set.nodes, ...set.sentinels].map(({ url }) => Number(new URL(url).port))
  await set.stop()
  for (const port of ports) t.notOk(await isOpen(port))
  t.same(set.folders.filter(existsSync), [])
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
