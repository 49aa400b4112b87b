import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { coalesceReads } from '../../src/sockets/rights/coalesce-reads.ts'
import { createSocketHarness } from './socket-harness.ts'

const SOCKETS = 300
const ROOMS = 20

/** Wraps a function to count its calls, and the highest number of concurrent ones. */
function countConcurrent<Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) {
  const calls = { total: 0, running: 0, peak: 0 }
  const run = async (...args: Args): Promise<Result> => {
    calls.total += 1
    calls.running += 1
    calls.peak = Math.max(calls.peak, calls.running)
    try {
      await sleep(2) // The call takes some time, as a call of a server does.
      return await work(...args)
    } finally {
      calls.running -= 1
    }
  }
  return { calls, run }
}

t.test(
  '[WS35] when many clients resume at once, only a few reads run at the same time, and reads of rights are combined',
  async (t) => {
    const harness = createSocketHarness(t)
    const alice = await harness.signIn('alice')
    for (let room = 0; room < ROOMS; room += 1) {
      await harness.createEvent(`e${room}`)
      await harness.postMessage(`e${room}`, 'before')
      await harness.postMessage(`e${room}`, 'missed', false)
    }
    const { timeline, rightsReader } = harness.stores
    const changes = countConcurrent(timeline.readChanges)
    const principals = countConcurrent(rightsReader.findPrincipals)
    const memberships = countConcurrent(rightsReader.findMemberships)
    const node = await harness.startNode({
      limits: { connectionsPerUser: SOCKETS, maxConcurrentReads: 4, rightsIntervalMs: 60_000, rightsMaxAgeMs: 120_000 },
      stores: {
        timeline: { ...timeline, readChanges: changes.run },
        rightsReader: { ...rightsReader, findPrincipals: principals.run, findMemberships: memberships.run },
      },
    })
    const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => node.connect(alice)))
    t.equal(principals.calls.peak, 1, `${principals.calls.total} reads admitted ${SOCKETS} sockets, one at a time`)
    const answers = await Promise.all(sockets.map((socket, index) => socket.subscribe(`e${index % ROOMS}`, 1)))
    t.same([...new Set(answers.map(({ reset, messages }) => `${reset} ${messages.length}`))], ['false 1'])
    t.equal(changes.calls.peak, 4)
    t.equal(changes.calls.total, SOCKETS + ROOMS, 'one read for each socket, and one when a room is opened')
    t.equal(memberships.calls.peak, 1)
    t.ok(memberships.calls.total < SOCKETS / 2, `${memberships.calls.total} reads of rights`)
  },
)

t.test(
  '[WS35] a caller gets the result of a read that began after the call, and a failed read fails all its callers',
  async (t) => {
    const reads: string[][] = []
    const first = Promise.withResolvers<void>()
    const ask = coalesceReads(async (keys: string[]) => {
      reads.push(keys)
      if (reads.length === 1) await first.promise
      if (keys.includes('bad')) throw new Error('away')
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
