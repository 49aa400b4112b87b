import { createMysqlStores, migrate, openMysql } from '@engineer-chat/adapters/mysql'
import { createTokenCalibration } from '@engineer-chat/chat/models'
import { buildPrompt, type ContextSourceKind, DEFAULT_CONTEXT_SOURCE_KINDS } from '@engineer-chat/chat/prompting'
import { TEXT_RULES } from '@engineer-chat/chat/ranking'
import { followRooms } from '@engineer-chat/chat/rooms'
import type { Stores } from '@engineer-chat/chat/stores'
import { openBulkDatabase } from '../database/bulk-database.ts'
import type { Measurer } from '../measure/measurer.ts'
import { median, quantile, toRatioStats, toRoundStats } from '../measure/quantiles.ts'
import { measureAlternately } from '../measure/rounds.ts'
import { startStack } from '../processes/stack.ts'
import { type BenchReport, createMaximumGoal, formatNumber, formatStats } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { askQuestions, countPinsAndQuestions, fillRoom } from './fill-room.ts'

const PROMPT_SOURCES = {
  room: new Set(DEFAULT_CONTEXT_SOURCE_KINDS),
  event: new Set<ContextSourceKind>(['event', 'summary']),
} as const
type PromptName = keyof typeof PROMPT_SOURCES
const PROMPT_NAMES: PromptName[] = ['room', 'event']

const LABELS: Record<PromptName, string> = {
  room: 'a prompt from the whole room',
  event: 'a prompt from only the event and its summaries',
}

const INDEX_BATCH = { maxRooms: 10, maxMessages: 100 }
const MODEL = { id: 'bench', provider: 'openai-compatible', context_window: 32_768, max_tokens: 4_096 }
const HISTORY_MESSAGES = 20

interface PromptStats {
  /** Gives the time to read the context. The next two fields also include building the prompt. */
  read_p50_ms: number
  p50_ms: number
  p95_ms: number
  tokens: number
  sources: number
}

/** Measures how long a worker takes to read a reply's context and to build the prompt, in a room of many messages. */
export async function benchPrompt({ rounds, prompt }: Scale, measurer: Measurer): Promise<BenchReport> {
  const stack = await startStack()
  const mysql = openMysql(stack.mysql.url, { connectionLimit: 4 })
  try {
    await migrate(mysql)
    const stores = createMysqlStores(mysql)
    const database = await openBulkDatabase(stack.mysql.url, 1)
    const event_id = await fillRoom(database, stores, prompt.messages)
    while (await followRooms(stores.textIndex, TEXT_RULES, INDEX_BATCH)); // Each call indexes one batch.
    const replies = await askQuestions(database, stores, event_id, prompt.questions)
    await database.close()
    const results = await measureAlternately(measurer, PROMPT_NAMES, rounds + 1, (name) =>
      measurePrompts(stores, name, replies),
    )
    for (const name of PROMPT_NAMES) results[name].shift() // The first round only warms the caches.
    return toReport(prompt.messages, results)
  } finally {
    await mysql.close()
    await stack.stop()
  }
}

async function measurePrompts({ replies }: Stores, name: PromptName, message_ids: string[]): Promise<PromptStats> {
  const sourceKinds = PROMPT_SOURCES[name]
  const settings = {
    contextWindow: MODEL.context_window,
    answerTokens: MODEL.max_tokens,
    roomTokens: 8_192,
    isMailRedacted: true,
    sourceKinds,
    calibration: createTokenCalibration(),
  }
  const readMs: number[] = []
  const durationsMs: number[] = []
  const prompts: Array<{ tokens: number; sources: unknown[] }> = []
  for (const message_id of message_ids) {
    const startedAtMs = performance.now()
    const context = await replies.findContext(message_id, {
      historyLimit: HISTORY_MESSAGES,
      kinds: sourceKinds,
      roomTokens: settings.roomTokens,
    })
    readMs.push(performance.now() - startedAtMs)
    if (!context) throw new Error('A reply has no context.')
    prompts.push(buildPrompt(context, MODEL, settings))
    durationsMs.push(performance.now() - startedAtMs)
  }
  return {
    read_p50_ms: median(readMs),
    p50_ms: median(durationsMs),
    p95_ms: quantile(durationsMs, 0.95),
    tokens: median(prompts.map(({ tokens }) => tokens)),
    sources: median(prompts.map(({ sources }) => sources.length)),
  }
}

function toReport(messages: number, results: Record<PromptName, PromptStats[]>): BenchReport {
  const listValues = (name: PromptName, pick: keyof PromptStats) => results[name].map((stats) => stats[pick])
  const formatValues = (name: PromptName, pick: keyof PromptStats) => formatStats(toRoundStats(listValues(name, pick)))
  const { pins, questions } = countPinsAndQuestions(messages)
  return {
    bench: 'prompt',
    tables: [
      {
        title: `a reply’s prompt in a room of ${formatNumber(messages)} messages, at the worker`,
        head: ['', 'read, p50 ms', 'read and built, p50 ms', 'p95 ms', 'ratio, p95', 'tokens', 'sources'],
        rows: PROMPT_NAMES.map((name) => [
          LABELS[name],
          ...(['read_p50_ms', 'p50_ms', 'p95_ms'] as const).map((pick) => formatValues(name, pick)),
          formatStats(toRatioStats(listValues(name, 'p95_ms'), listValues('event', 'p95_ms'))),
          ...(['tokens', 'sources'] as const).map((pick) => formatValues(name, pick)),
        ]),
        notes: [
          `The room has ${pins} pins and ${formatNumber(questions)} shared questions with answers. ` +
            'About a tenth of the measured questions contain a pasted log of 40 lines.',
        ],
      },
    ],
    goals: [
      createMaximumGoal(
        `a prompt in a room of ${formatNumber(messages)} messages, p95`,
        25,
        'ms',
        toRoundStats(listValues('room', 'p95_ms')),
      ),
    ],
    data: results,
  }
}
