import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { coalesceReads } from '../../src/sockets/rights/coalesce-reads.ts'
import { createSocketHarness } from './socket-harness.ts'

const SOCKET_COUNT = 300
const ROOM_COUNT = 20

/** Wraps a function to count its calls, and the highest number of concurrent ones. */
function countConcurrent<Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) {
  const calls = { total: 0, running: 0, peak: 0 }
  const run = async (...args: Args): Promise<Result> => {
    calls.total += 1
    calls.running += 1
    calls.peak = Math.max(calls.peak, calls.running)
    try {
      await sleep(2) // The call takes some time, as a call to MySQL does.
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
    for (let room = 0; room < ROOM_COUNT; room += 1) {
      await harness.createEvent(`e${room}`)
      await harness.postMessage(`e${room}`, 'before')
      await harness.postMessage(`e${room}`, 'missed', { isPublished: false })
    }
    const { timeline, uncachedRights } = harness.stores
    const changeReads = countConcurrent(timeline.readChanges)
    const principalReads = countConcurrent(uncachedRights.findPrincipals)
    const accessAndRoleReads = countConcurrent(uncachedRights.findAccessAndRoles)
    const node = await harness.startNode({
      limits: {
        connectionsPerUser: SOCKET_COUNT,
        maxConcurrentReads: 4,
        rightsIntervalMs: 60_000,
        rightsMaxAgeMs: 120_000,
      },
      stores: {
        timeline: { ...timeline, readChanges: changeReads.run },
        uncachedRights: {
          ...uncachedRights,
          findPrincipals: principalReads.run,
          findAccessAndRoles: accessAndRoleReads.run,
        },
      },
    })
    const sockets = await Promise.all(Array.from({ length: SOCKET_COUNT }, () => node.connect(alice)))
    t.equal(
      principalReads.calls.peak,
      1,
      `${principalReads.calls.total} reads admitted ${SOCKET_COUNT} sockets, one at a time`,
    )
    const answers = await Promise.all(sockets.map((socket, index) => socket.subscribe(`e${index % ROOM_COUNT}`, 1)))
    t.ok(answers.every(({ reset, messages }) => reset === false && messages.length === 1))
    t.equal(changeReads.calls.peak, 4)
    t.equal(
      changeReads.calls.total,
      SOCKET_COUNT + ROOM_COUNT,
      'one read for each socket, and one when a room is opened',
    )
    t.equal(accessAndRoleReads.calls.peak, 1)
    t.ok(accessAndRoleReads.calls.total < SOCKET_COUNT / 2, `${accessAndRoleReads.calls.total} reads of rights`)
  },
)

t.test(
  '[WS35] a caller gets the result of a read that began after the call, and a failed read fails all its callers',
  async (t) => {
    const reads: string[][] = []
    const firstRead = Promise.withResolvers<void>()
    const findValue = coalesceReads(async (keys: string[]) => {
      reads.push(keys)
      const readNumber = reads.length
      if (readNumber === 1) await firstRead.promise
      if (keys.includes('bad')) throw new Error('MySQL is down')
      return (key: string) => `${key} by read ${readNumber}`
    })
    const valueOfFirstRead = findValue('a')
    const valuesOfSecondRead = [findValue('b'), findValue('c')]
    firstRead.resolve()
    t.same(
      [await valueOfFirstRead, ...(await Promise.all(valuesOfSecondRead))],
      ['a by read 1', 'b by read 2', 'c by read 2'],
    )
    await t.rejects(findValue('bad'), { message: 'MySQL is down' })
    t.equal(await findValue('d'), 'd by read 4')
    t.same(reads, [['a'], ['b', 'c'], ['bad'], ['d']])
  },
)
