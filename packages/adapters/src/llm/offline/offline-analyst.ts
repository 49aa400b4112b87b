import { setTimeout } from 'node:timers/promises'
import type { Llm } from '@engineer-chat/chat/models'
import { composeAnalysis } from './compose-analysis.ts'

const MODEL = 'offline-analyst'
const PIECE = 24

/**
 * Answers without a model, from the event's record. `pace_ms` is the pause between pieces, so that a reader can
 * follow. `isChosen` means that other models exist too.
 */
export function createOfflineAnalyst({
  pace_ms = 10,
  isChosen = false,
}: {
  pace_ms?: number
  isChosen?: boolean
} = {}): Llm {
  return {
    model: MODEL,
    provider: 'offline',
    async *stream(request, signal) {
      for (const text of readPieces(composeAnalysis(request, isChosen))) {
        signal.throwIfAborted()
        yield { type: 'text', text }
        if (pace_ms > 0) await setTimeout(pace_ms, undefined, { signal }).catch(() => signal.throwIfAborted())
      }
      yield { type: 'finish', reason: 'stop', usage: null, model: MODEL }
    },
  }
}

/** Splits by code points, so that no piece ends in half a character. */
function* readPieces(text: string): Generator<string> {
  const characters = [...text]
  for (let at = 0; at < characters.length; at += PIECE) yield characters.slice(at, at + PIECE).join('')
}
