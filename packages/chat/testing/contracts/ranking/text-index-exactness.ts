import type { Test } from 'tap'
import { listQueryTerms } from '../../../src/ranking/list-terms.ts'
import type { TextRules } from '../../../src/ranking/text-index.ts'
import { TEXT_RULES } from '../../../src/ranking/text-rules.ts'
import type { Stores } from '../../../src/stores.ts'
import { createSeededRandom, type SeededRandom } from '../../seeded-random.ts'
import { answerReply, aPlace, aQuestion, type Harness, type Place } from '../harness.ts'
import { indexRoom, postAsPerson, rank } from './index-reads.ts'

const WORDS = ['beacon', 'host', 'c2', '198.51.100.7', 'evil.example', '横向移动', '封禁', 'srv-db-01', 'CVE-2024-3094']
const RUNS = 3
const STEPS = 40

export function proveExactness(t: Test, { stores }: Harness): void {
  t.test(
    '[RANK4] after any writes and deaths of workers, the index equals one that is built from nothing',
    async (t) => {
      for (let seed = 1; seed <= RUNS; seed += 1) {
        const random = createSeededRandom(seed)
        const place = await aPlace(stores)
        const replies: Reply[] = []
        for (let step = 0; step < STEPS; step += 1) await takeStep(stores, place, random, replies)
        await indexRoom(stores, place.event_id, 3)
        const followed = await readIndex(stores, place)

        await stores.textIndex.reset(place.event_id)
        await indexRoom(stores, place.event_id)

        t.same(followed, await readIndex(stores, place), `seed ${seed}`)
        t.ok(followed.some(({ ranked }) => ranked.length > 0))
      }
    },
  )
}

interface Reply {
  message_id: string
  session_id: string
  state: 'thinking' | 'chat'
}

/** Writes to the room, or lets a worker read a batch. The worker may die within the batch. */
async function takeStep(stores: Stores, place: Place, random: SeededRandom, replies: Reply[]): Promise<void> {
  const createText = () => Array.from({ length: 1 + random.below(4) }, () => random.pick(WORDS)).join(' ')
  switch (random.below(7)) {
    case 0:
      await postAsPerson(stores, place, createText())
      return
    case 1: {
      const visibility = random.pick(['private', 'room'] as const)
      const asked = await stores.messages.ask(aQuestion(place, { text: createText(), visibility, max_rounds: STEPS }))
      replies.push({ message_id: asked.reply.message.message_id, session_id: asked.session_id, state: 'thinking' })
      return
    }
    case 2:
      return answerNext(stores, replies, createText())
    case 3:
      return askAgain(stores, place, replies)
    case 4: {
      const [anyReply] = random.shuffle(replies)
      if (anyReply) await stores.messages.share(place.owner, anyReply.session_id)
      return
    }
    case 5:
      await readOneBatch(stores, place, random, TEXT_RULES)
      return
    default:
      await readOneBatch(stores, place, random, createDyingRules(random.below(3)))
  }
}

async function answerNext(stores: Stores, replies: Reply[], content: string): Promise<void> {
  const next = replies.find(({ state }) => state === 'thinking')
  if (!next) return
  await answerReply(stores, next.message_id, { content })
  next.state = 'chat'
}

/** Retries the last reply only if it has ended, because the replies of a session are answered in their order. */
async function askAgain(stores: Stores, place: Place, replies: Reply[]): Promise<void> {
  const last = replies.at(-1)
  if (last?.state !== 'chat') return
  await stores.messages.retry(place.owner, last.message_id, () => ({ tokens: 0, micros: 0 }))
  last.state = 'thinking'
}

async function readOneBatch(
  stores: Stores,
  { event_id }: Place,
  random: SeededRandom,
  rules: TextRules,
): Promise<void> {
  await stores.textIndex.deriveNextRows(event_id, 1 + random.below(4), rules).catch((cause: unknown) => {
    if (!(cause instanceof DeathError)) throw cause
  })
}

class DeathError extends Error {}

/** Creates rules that fail within a batch, as if the process were killed. */
const createDyingRules = (rowsBeforeDeath: number): TextRules => {
  let rowsLeft = rowsBeforeDeath
  return {
    ...TEXT_RULES,
    indexRow(row) {
      rowsLeft -= 1
      if (rowsLeft < 0) throw new DeathError()
      return TEXT_RULES.indexRow(row)
    },
  }
}

/** Lists the ranked messages of every term. */
const readIndex = (stores: Stores, place: Place) =>
  Promise.all(
    [...new Set(WORDS.flatMap(listQueryTerms))].map(async (term) => ({
      term,
      ranked: await rank(stores, place, term, { limit: 1_000 }),
    })),
  )
