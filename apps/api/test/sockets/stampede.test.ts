import { setTimeout as after } from 'node:timers/promises'
import t from 'tap'
import { coalesceReads } from '../../src/sockets/rights/coalesce-reads.ts'
import { createSocketHarness } from './socket-harness.ts'

const SOCKETS = 300
const ROOMS = 20

/** How often it was called, and how often at once. */
function countConcurrent<A extends unknown[], R>(work: (...args: A) => Promise<R>) {
  const calls = { all: 0, now: 0, peak: 0 }
  const run = async (...args: A): Promise<R> => {
    calls.all += 1
    calls.now += 1
    calls.peak = Math.max(calls.peak, calls.now)
    try {
      await after(2) // A server takes a moment as well.
      return await work(...args)
    } finally {
      calls.now -= 1
    }
  }
  return { calls, run }
}

t.test('[WS35] many clients that resume at once are read for a few at a time, with one read of rights', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  for (let room = 0; room < ROOMS; room += 1) {
    await harness.createEvent(`e${room}`)
    await harness.postMessage(`e${room}`, 'before')
    await harness.postMessage(`e${room}`, 'missed', false)
  }
  const { timeline, rightsReader } = harness.stores
  const changes = countConcurrent(timeline.readChanges)
  const callers = countConcurrent(rightsReader.findPrincipals)
  const memberships = countConcurrent(rightsReader.findMemberships)
  const node = await harness.startNode({
    limits: { connectionsPerUser: SOCKETS, maxConcurrentReads: 4, rightsIntervalMs: 60_000, rightsMaxAgeMs: 120_000 },
    stores: {
      timeline: { ...timeline, readChanges: changes.run },
      rightsReader: { ...rightsReader, findPrincipals: callers.run, findMemberships: memberships.run },
    },
  })
  const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => node.connect(alice)))
  t.equal(callers.calls.peak, 1, `${callers.calls.all} reads let ${SOCKETS} sockets in, one at a time`)
  const answers = await Promise.all(sockets.map((socket, index) => socket.subscribe(`e${index % ROOMS}`, 1)))
  t.same([...new Set(answers.map(({ reset, messages }) => `${reset} ${messages.length}`))], ['false 1'])
  t.equal(changes.calls.peak, 4)
  t.equal(changes.calls.all, SOCKETS + ROOMS, 'each once, and each room when it is opened')
  t.equal(memberships.calls.peak, 1)
  t.ok(memberships.calls.all < SOCKETS / 2, `${memberships.calls.all} reads of rights`)
})

t.test(
  '[WS35] a caller gets the result of a read that began after the call, and a failed read fails all its callers',
  async (t) => {
    const reads: string[][] = []
    const first = Promise.withResolvers<void>()
    const ask = coalesceReads(async (all: string[]) => {
      reads.push(all)
      if (reads.length === 1) await first.promise
      if (all.includes('bad')) throw new Error('away')
      const read = reads.length
      return (one: string) => `${one} by read ${read}`
    })
    const a = ask('a')
    const shared = [ask('b'), ask('c')]
    first.resolve()
    t.same([await a, ...(await Promise.all(shared))], ['a by read 1', 'b by read 2', 'c by read 2'])
    await t.rejects(ask('bad'), { message: 'away' })
    t.equal(await ask('d'), 'd by read 4')
    t.same(reads, [['a'], ['b', 'c'], ['bad'], ['d']])
  },
)
