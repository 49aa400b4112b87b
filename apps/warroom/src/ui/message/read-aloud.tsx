import type { Message } from '@engineer-chat/protocol'
import { type ReactNode, useMemo, useSyncExternalStore } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { useRoom } from '../../state/rooms/rooms.ts'
import { findLocalVoice, readAloud, stopReadAloud, useReadAloud } from '../../state/voice/read-aloud.ts'
import { useVoiceAbilities } from '../../state/voice/voice-abilities.ts'
import { detectLanguage, toSpeechText } from '../../text/speech-text.ts'
import { findAnswerTlp, mayUseVoice } from '../../text/tlp.ts'
import { IconButton } from '../parts/icon-button.tsx'

/** Reads the answer aloud or stops reading. Is shown only if the server or the browser has a voice for the answer. */
export function ReadAloudButton({ message }: { message: Message }): ReactNode {
  const t = useMessages()
  const tlp = useRoom(message.event_id, ({ event }) => findAnswerTlp(message, event?.tlp))
  const hasServerVoice = useVoiceAbilities((abilities) => abilities.speech && mayUseVoice(abilities, tlp))
  const { content, citations } = message.message_content
  // The language of the text that is read may differ from that of the content, which includes code.
  const language = useMemo(() => detectLanguage(toSpeechText(content, citations)), [content, citations])
  const hasLocalVoice = useSyncExternalStore(watchVoices, () => findLocalVoice(language) !== undefined)
  const readAloudState = useReadAloud()
  if (content === '' || (!hasServerVoice && !hasLocalVoice)) return null
  const isBeingRead = readAloudState.message_id === message.message_id
  const label = isBeingRead ? t.stop_reading : t.read_aloud
  return (
    <IconButton
      icon={isBeingRead ? 'stop' : 'speaker'}
      label={label}
      className={isBeingRead ? 'read-aloud chosen' : 'read-aloud'}
      aria-busy={isBeingRead && readAloudState.phase === 'loading'}
      onClick={() => (isBeingRead ? stopReadAloud() : void readAloud(message))}
    />
  )
}

/** Calls `onChange` when the browser has loaded its voices, which happens some time after the page has loaded. */
function watchVoices(onChange: () => void): () => void {
  globalThis.speechSynthesis?.addEventListener('voiceschanged', onChange)
  return () => globalThis.speechSynthesis?.removeEventListener('voiceschanged', onChange)
}
