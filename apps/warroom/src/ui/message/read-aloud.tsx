import type { Message } from '@engineer-chat/protocol'
import { type ReactNode, useMemo, useSyncExternalStore } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { findLocalVoice, readAloud, stopReading, useReading } from '../../state/voice/read-aloud.ts'
import { useVoice } from '../../state/voice/voice-abilities.ts'
import { detectLanguage } from '../../text/speech-text.ts'
import { IconButton } from '../parts/icon-button.tsx'

/** Shows no button where there is no voice for the answer's language. */
export function ReadAloud({ message }: { message: Message }): ReactNode {
  const t = useMessages()
  const isConfigured = useVoice(({ speech }) => speech)
  const { content } = message.message_content
  const language = useMemo(() => detectLanguage(content), [content])
  const isHere = useSyncExternalStore(watchVoices, () => findLocalVoice(language) !== undefined)
  const reading = useReading()
  if (content === '' || (!isConfigured && !isHere)) return null
  const isRead = reading.message_id === message.message_id
  const label = isRead ? t.stop_reading : t.read_aloud
  return (
    <IconButton
      icon={isRead ? 'stop' : 'speaker'}
      label={label}
      className={isRead ? 'read-aloud given' : 'read-aloud'}
      aria-busy={isRead && reading.phase === 'loading'}
      act={() => (isRead ? stopReading() : void readAloud(message))}
    />
  )
}

/** Renders again when the browser has loaded its voices, which takes a while. */
function watchVoices(changed: () => void): () => void {
  globalThis.speechSynthesis?.addEventListener('voiceschanged', changed)
  return () => globalThis.speechSynthesis?.removeEventListener('voiceschanged', changed)
}
