import type { Message } from '@engineer-chat/protocol'
import { type ReactNode, useMemo, useSyncExternalStore } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { useRoom } from '../../state/rooms/rooms.ts'
import { findLocalVoice, readAloud, stopReading, useReading } from '../../state/voice/read-aloud.ts'
import { useVoiceAbilities } from '../../state/voice/voice-abilities.ts'
import { detectLanguage } from '../../text/speech-text.ts'
import { mayUseVoice } from '../../text/tlp.ts'
import { IconButton } from '../parts/icon-button.tsx'

/** Shows no button where there is no voice for the answer's language. */
export function ReadAloud({ message }: { message: Message }): ReactNode {
  const t = useMessages()
  const tlp = useRoom(message.event_id, ({ event }) => event?.tlp)
  const isConfigured = useVoiceAbilities((abilities) => abilities.speech && mayUseVoice(abilities, tlp))
  const { content } = message.message_content
  const language = useMemo(() => detectLanguage(content), [content])
  const hasLocalVoice = useSyncExternalStore(watchVoices, () => findLocalVoice(language) !== undefined)
  const reading = useReading()
  if (content === '' || (!isConfigured && !hasLocalVoice)) return null
  const isReading = reading.message_id === message.message_id
  const label = isReading ? t.stop_reading : t.read_aloud
  return (
    <IconButton
      icon={isReading ? 'stop' : 'speaker'}
      label={label}
      className={isReading ? 'read-aloud chosen' : 'read-aloud'}
      aria-busy={isReading && reading.phase === 'loading'}
      onClick={() => (isReading ? stopReading() : void readAloud(message))}
    />
  )
}

/** Renders again when the browser has loaded its voices, which takes a while. */
function watchVoices(onChange: () => void): () => void {
  globalThis.speechSynthesis?.addEventListener('voiceschanged', onChange)
  return () => globalThis.speechSynthesis?.removeEventListener('voiceschanged', onChange)
}
