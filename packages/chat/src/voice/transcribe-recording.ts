import type { TranscriptionQuery } from '@engineer-chat/protocol'
import { ChatError, type Principal, repairText } from '../shared/index.ts'
import { recordVoiceCall, type VoiceContext } from './record-voice-call.ts'
import type { Recording, Transcript } from './voice.ts'
import { computeTranscriptionCost, estimateSeconds, toTranscriptionSpend } from './voice-costs.ts'

/**
 * Returns the text of a recording, within the budgets. @throws ChatError voice_not_configured, voice_failed,
 * budget_exceeded, event_not_found
 */
export async function transcribeRecording(
  ctx: VoiceContext,
  caller: Principal,
  { audio, type, language, event_id }: Recording & TranscriptionQuery,
  signal: AbortSignal,
): Promise<string> {
  const { transcription } = ctx.voice
  if (!transcription) throw new ChatError('voice_not_configured')
  const { model } = transcription
  const estimatedSeconds = estimateSeconds({ audio, type })
  const { text } = await recordVoiceCall<Transcript>(ctx, caller, {
    event_id,
    reservation: toTranscriptionSpend(model, estimatedSeconds),
    call: () => transcription.transcribe({ audio, type, language }, signal),
    toRecord: (transcript) => {
      const size = transcript?.seconds ?? estimatedSeconds
      const spent = toTranscriptionSpend(model, size)
      return {
        kind: 'transcription',
        model: model.name,
        size,
        spent,
        cost_micros: computeTranscriptionCost(model, size),
      }
    },
    signal,
  })
  return repairText(text).trim()
}
