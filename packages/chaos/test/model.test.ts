import t from 'tap'
import { explore } from '../src/model/explore.ts'
import { createReplyProtocol, type ProtocolOptions } from '../src/model/reply-protocol.ts'
import type { Bug } from '../src/model/state.ts'

const twoReplies: ProtocolOptions = { replies: 2, isFollowed: false }
const followedReply: ProtocolOptions = { replies: 1, isFollowed: true }

t.test(
  '[MODEL1] the protocol of replies keeps every promise and never gets stuck, in every order of its steps',
  async (t) => {
    const cases: Array<[name: string, options: ProtocolOptions]> = [
      ['two questions, and one is retried', { ...twoReplies, faults: 0, retries: 1 }],
      [
        'two questions, and a worker dies, stalls, releases its claim or loses the response to the claim',
        { ...twoReplies, faults: 1, retries: 0 },
      ],
      [
        'a reply that is followed, with two calls to an AI model',
        { ...followedReply, faults: 1, retries: 0, maxCalls: 2 },
      ],
      [
        'a reply that is followed and retried, with two calls to an AI model',
        { ...followedReply, faults: 0, retries: 1, maxCalls: 2 },
      ],
    ]
    for (const [name, options] of cases) {
      const { stateCount, counterexample } = explore(createReplyProtocol(options))
      t.equal(counterexample, null, `${name}: ${stateCount} states`)
      t.ok(stateCount > 5_000, 'the explorer visits many states')
    }
  },
)

t.test('[MODEL2] each part of the protocol is needed: without it a promise can be broken', async (t) => {
  const injectedBugs: Array<[bug: Bug, expected: RegExp, options: ProtocolOptions]> = [
    ['finish without the fence', /lower attempt finished/, { ...twoReplies, retries: 0 }],
    ['claim in any order', /before an earlier one/, { ...twoReplies, faults: 0 }],
    ['no sweep', /is stuck/, { ...twoReplies, faults: 0, retries: 0 }],
    ['the sweep skips lapsed leases', /is stuck/, { ...twoReplies, retries: 0 }],
    ['finished jobs stay in the queue', /is stuck/, { replies: 1, isFollowed: false, faults: 2, retries: 0 }],
    ['retry keeps the attempt', /before the retry/, { ...followedReply, faults: 0 }],
    ['the node shows every delta', /shown after/, { ...followedReply, faults: 0 }],
  ]
  for (const [bug, expected, options] of injectedBugs) {
    const { counterexample } = explore(createReplyProtocol({ ...options, bug }))
    t.match(counterexample?.violation, expected, bug)
    t.equal(counterexample?.stepNames[0], 'ask 0', 'the path begins at the initial state')
  }
})

t.test('[MODEL3] the explorer gives the shortest path to a wrong state and to a stuck state', async (t) => {
  /** Explores all ways to add 1 or 2 to 0 until the sum is at least 6. An argument of -1 names no state. */
  const findCounterexample = (wrongAt: number, stuckAt: number) =>
    explore<{ n: number }>({
      initial: { n: 0 },
      copy: (state) => ({ ...state }),
      listSteps: ({ n }) =>
        n >= 6 || n === stuckAt
          ? []
          : [1, 2].map((increment) => ({
              name: `+${increment}`,
              kind: 'progress' as const,
              apply: (copy) => {
                copy.n += increment
              },
            })),
      findViolation: ({ n }) => (n === wrongAt ? 'the state is wrong' : null),
      isSettled: ({ n }) => n >= 6,
    }).counterexample
  t.equal(findCounterexample(-1, -1), null)
  t.same(findCounterexample(4, -1), { violation: 'the state is wrong', stepNames: ['+2', '+2'] })
  const stuck = 'the state is stuck: no steps of progress lead from it to a settled state'
  t.same(findCounterexample(-1, 3), { violation: stuck, stepNames: ['+1', '+2'] })
})
