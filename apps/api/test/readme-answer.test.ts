import { readFileSync } from 'node:fs'
import { createOfflineAnalyst } from '@engineer-chat/adapters/llm'
import { createTokenCalibration } from '@engineer-chat/chat/models'
import { buildPrompt, DEFAULT_CONTEXT_SOURCE_KINDS } from '@engineer-chat/chat/prompting'
import { PIECE_RULES } from '@engineer-chat/chat/ranking'
import { createMemoryStores } from '@engineer-chat/chat/testing'
import t from 'tap'
import { seedDocuments } from '../bin/demo/documents.ts'
import { DEMO_EVENTS } from '../bin/demo/events.ts'
import { seedEvent } from '../bin/demo/seed-event.ts'
import { seedUsers, type UserToSeed } from '../bin/demo/seed-users.ts'
import { indexTexts } from './follow-rooms.ts'

/** The quoted answers contain times, so each run starts the demo at the same time. */
const STARTED_AT_MS = Date.parse('2026-11-22T11:06:00.000Z')
const USERS: UserToSeed[] = [
  { username: 'admin', password: 'one', role: 'admin' },
  { username: 'alice', password: 'two', role: 'engineer' },
  { username: 'bob', password: 'three', role: 'engineer' },
  { username: 'captain', password: 'four', role: 'agent' },
]
const SOURCE_KINDS = new Set(DEFAULT_CONTEXT_SOURCE_KINDS)
const ROOM_TOKENS = 8_192
const OFFLINE_MODEL = { id: 'offline-analyst', provider: 'offline', context_window: null, max_tokens: null }
const SETTINGS = {
  contextWindow: 8_192,
  answerTokens: 1_024,
  roomTokens: ROOM_TOKENS,
  isMailRedacted: true,
  calibration: createTokenCalibration(),
  sourceKinds: SOURCE_KINDS,
}

/** Starts the demo in memory, as `npm start` does. */
async function startDemo() {
  const stores = createMemoryStores({ now: () => STARTED_AT_MS })
  const passwords = { hash: async (password: string) => password, verify: async () => true }
  const { ids } = await seedUsers({ users: stores.users, passwords }, USERS)
  for (const demo of DEMO_EVENTS) await seedEvent(stores, ids, demo)
  await seedDocuments(stores)
  // Both functions resolve to false when nothing is left to index.
  while (await stores.textIndex.indexNextPieces(100, PIECE_RULES));
  while (await indexTexts(stores));
  return { stores, alice: ids.get('alice') ?? '' }
}

const demo = await startDemo()

/** Asks in the event in which `npm run ask` asks, and returns the answer as readers get it. */
async function ask(question: string): Promise<string> {
  const event_id = DEMO_EVENTS[0]?.event.event_id ?? ''
  const contextQuery = { event_id, user_id: demo.alice, session_id: null, question }
  const limits = { historyLimit: 20, kinds: SOURCE_KINDS, roomTokens: ROOM_TOKENS }
  const context = await demo.stores.sources.findContext(contextQuery, limits)
  if (!context) throw new Error('The demo has no such event.')
  const prompt = buildPrompt(context, OFFLINE_MODEL, SETTINGS)
  const request = { turns: [], context, language: prompt.language }
  let text = ''
  for await (const piece of createOfflineAnalyst({ paceMs: 0 }).stream(request, new AbortController().signal))
    if (piece.type === 'text') text += piece.text
  return prompt.review(text).content
}

/** Returns the quoted answer: the code block between the two HTML comments. It begins and ends with the same fence. */
function readQuotedAnswer(path: string): string | undefined {
  const text = readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
  return text.match(
    /<!-- offline answer: begin[^>]*-->\n+(`{3,})markdown\n([\s\S]*?)\n\1\n+<!-- offline answer: end -->/,
  )?.[2]
}

t.test('[ANSWER28] README.md quotes the offline analyst’s answer in the demo', async (t) => {
  t.equal(readQuotedAnswer('README.md'), await ask('what should we contain first?'))
})

t.test('[ANSWER28] docs/README.zh.md quotes the Chinese answer', async (t) => {
  t.equal(readQuotedAnswer('docs/README.zh.md'), await ask('我们应该先遏制什么？'))
})

t.test('[ANSWER28] the answer is short, and after the notice it begins with what the question asked for', async (t) => {
  const answer = await ask('what should we contain first?')
  t.ok(answer.split('\n').length <= 60, `${answer.split('\n').length} lines`)
  // The notice is the line that begins with `>`.
  t.match(answer, /^> .*\n\n### What to contain first\n\n1\. Block 198/)
})
