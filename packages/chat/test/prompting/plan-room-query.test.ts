import { estimateTokens } from '@engineer-chat/chat/models'
import { CONTEXT_SOURCES, planRoomQuery } from '@engineer-chat/chat/prompting'
import { createSeededRandom } from '@engineer-chat/chat/testing'
import t from 'tap'
import { countPostsThatCouldFit } from '../../src/prompting/sources/plan-room-query.ts'
import { TEXTS } from './text-samples.ts'

const plan = (question: string, ...earlier: string[]) =>
  planRoomQuery(question, { kinds: new Set(CONTEXT_SOURCES), roomTokens: 8_192 }, earlier).rankingQuery

t.test('[RANK11] a command needs no earlier question; of an earlier command only its focus counts', async (t) => {
  t.same(plan('/timeline', 'Who owns srv-1?'), { text: '' })
  t.same(plan('@AI /timeline of srv-2', 'Who owns srv-1?'), { text: 'of srv-2' })
  t.same(plan('@AI why?', '@AI /timeline of srv-2', '＠ＡＩ who?'), { text: 'why?', earlier: ['of srv-2', 'who?'] })
})

t.test('[SRC11] a post that fits by its tokens is read, whatever kind of text it is', async (t) => {
  const random = createSeededRandom(17)
  for (const [kind, write] of Object.entries(TEXTS)) {
    for (let round = 0; round < 50; round++) {
      const posts = Array.from({ length: 20 }, () => write(random))
      const tokens = 600
      let used = 0
      const fitting = posts.findIndex((post) => {
        used += estimateTokens(post) + 32 // Each source has a fence of 32 tokens.
        return used > tokens
      })
      const bytes = posts.map((post) => Buffer.byteLength(JSON.stringify({ content: post })))
      const read = countPostsThatCouldFit(bytes, tokens)
      if (read < fitting) t.fail(`${kind}: ${fitting} posts fit, and ${read} are read`)
    }
  }
  t.equal(countPostsThatCouldFit([], 600), 0)
})
