import { setTimeout } from 'node:timers/promises'
import type { Llm } from '@engineer-chat/chat/models'
import { composeAnalysis } from './compose-analysis.ts'

const MODEL = 'offline-analyst'
const PART_CHARACTERS = 24

/**
 * Answers without a model, from the event's record. `paceMs` is the pause between two parts, so that a reader can
 * follow. If `areModelsConfigured` is false, the notice says that no model is configured.
 */
export function createOfflineAnalyst({
  paceMs = 10,
  areModelsConfigured = false,
}: {
  paceMs?: number
  areModelsConfigured?: boolean
} = {}): Llm {
  return {
    model: MODEL,
    provider: 'offline',
    async *stream(request, signal) {
      for (const text of splitText(composeAnalysis(request, areModelsConfigured))) {
        signal.throwIfAborted()
        yield { type: 'text', text }
        if (paceMs > 0) await setTimeout(paceMs, undefined, { signal }).catch(() => signal.throwIfAborted())
      }
      yield { type: 'finish', reason: 'stop', usage: null, model: MODEL }
    },
  }
}

/** Splits the text at code points, so that no part ends in half a character. */
function* splitText(text: string): Generator<string> {
  const characters = [...text]
  for (let offset = 0; offset < characters.length; offset += PART_CHARACTERS)
    yield characters.slice(offset, offset + PART_CHARACTERS).join('')
}
