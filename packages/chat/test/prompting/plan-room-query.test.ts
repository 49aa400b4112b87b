import { estimateTokens } from '@engineer-chat/chat/models'
import { CONTEXT_SOURCE_KINDS, planRoomQuery } from '@engineer-chat/chat/prompting'
import { createSeededRandom } from '@engineer-chat/chat/testing'
import t from 'tap'
import { FENCE_TOKENS } from '../../src/prompting/fit-prompt.ts'
import { countPostsThatCouldFit } from '../../src/prompting/sources/plan-room-query.ts'
import { TEXTS } from './text-samples.ts'

const planRankingQuery = (question: string, ...earlier: string[]) =>
  planRoomQuery(question, { kinds: new Set(CONTEXT_SOURCE_KINDS), roomTokens: 8_192 }, earlier).rankingQuery

t.test('[RANK11] a command needs no earlier question; an earlier command counts by its focus only', async (t) => {
  t.same(planRankingQuery('/timeline', 'Who owns srv-1?'), { text: '' })
  t.same(planRankingQuery('@AI /timeline of srv-2', 'Who owns srv-1?'), { text: 'of srv-2' })
  t.same(planRankingQuery('@AI why?', '@AI /timeline of srv-2', '＠ＡＩ who?'), {
    text: 'why?',
    earlier: ['of srv-2', 'who?'],
  })
})

t.test('[SRC11] a post that fits by its tokens is read, whatever kind of text it is', async (t) => {
  const random = createSeededRandom(17)
  for (const [kind, write] of Object.entries(TEXTS)) {
    for (let round = 0; round < 50; round++) {
      const posts = Array.from({ length: 20 }, () => write(random))
      const maxTokens = 600
      let usedTokens = 0
      const fittingCount = posts.findIndex((post) => {
        usedTokens += estimateTokens(post) + FENCE_TOKENS
        return usedTokens > maxTokens
      })
      const postBytes = posts.map((post) => Buffer.byteLength(JSON.stringify({ content: post })))
      const readCount = countPostsThatCouldFit(postBytes, maxTokens)
      if (readCount < fittingCount) t.fail(`${kind}: ${fittingCount} posts fit, and ${readCount} are read`)
    }
  }
  t.equal(countPostsThatCouldFit([], 600), 0)
})
