import type { Transcription, TranscriptionQuery } from '@engineer-chat/protocol'
import { ChatError, listNoEvent, type Principal, repairText, type VerbReport } from '../shared/index.ts'
import { callVoiceEndpoint, type VoiceContext } from './call-voice-endpoint.ts'
import { isKnownRecording } from './recording-kinds.ts'
import type { Recording, Transcript } from './voice.ts'
import { computeTranscriptionCost, estimateSeconds, toTranscriptionSpend } from './voice-costs.ts'

type TranscribeInput = Recording & TranscriptionQuery

/**
 * Resolves to the text of a recording. The recording counts towards the budgets with the length that the
 * endpoint reports. If the endpoint reports none, the estimated length counts.
 * @throws ChatError forbidden, voice_not_configured, voice_failed, budget_exceeded, event_not_found,
 * tlp_forbids_model, unsupported_media_type
 */
export async function transcribeRecording(
  ctx: VoiceContext,
  caller: Principal,
  { audio, type, language, event_id }: TranscribeInput,
): Promise<Transcription> {
  const { transcription } = ctx.voice
  if (!transcription) throw new ChatError('voice_not_configured')
  if (!isKnownRecording(audio)) {
    throw new ChatError('unsupported_media_type', 'This is no recording of a known kind.')
  }
  const { model } = transcription
  const estimatedSeconds = estimateSeconds({ audio, type })
  const { text } = await callVoiceEndpoint<Transcript>(ctx, caller, {
    event_id,
    reservation: toTranscriptionSpend(model, estimatedSeconds),
    call: () => transcription.transcribe({ audio, type, language }, ctx.signal),
    toRecord: (transcript) => {
      const seconds = transcript?.seconds ?? estimatedSeconds
      return {
        kind: 'transcription',
        model: model.name,
        size: seconds,
        spent: toTranscriptionSpend(model, seconds),
        cost_micros: computeTranscriptionCost(model, seconds),
      }
    },
  })
  return { text: repairText(text).trim() }
}

transcribeRecording.report = {
  listShownEvents: listNoEvent,
  log: ({ caller: { user_id }, input: { audio } }) => ({
    event: 'EngineerChat.recording_transcribed',
    fields: { user_id, bytes: audio.length },
  }),
} satisfies VerbReport<TranscribeInput, Transcription>
