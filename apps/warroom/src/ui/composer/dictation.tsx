import { type ReactNode, useEffect, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { useRoom } from '../../state/rooms/rooms.ts'
import {
  cancelDictation,
  type Dictation,
  endDictationInRoom,
  finishDictation,
  startDictation,
  useDictation,
} from '../../state/voice/dictation.ts'
import { loadVoiceAbilities, useVoiceAbilities } from '../../state/voice/voice-abilities.ts'
import { mayUseVoice } from '../../text/tlp.ts'
import { Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'

/** Shows no button if neither the server nor the device can transcribe, or if the server may not receive the sound. */
export function DictationButton({ event_id }: { event_id: string }): ReactNode {
  const t = useMessages()
  const tlp = useRoom(event_id, ({ event }) => event?.tlp)
  const isOffered = useVoiceAbilities(
    (abilities) =>
      abilities.dictation === 'device' || (abilities.dictation === 'server' && mayUseVoice(abilities, tlp)),
  )
  const { dictation } = useDictation()
  useEffect(() => {
    void loadVoiceAbilities()
    return () => endDictationInRoom(event_id)
  }, [event_id])
  if (!isOffered) return null
  const isRecording = dictation.phase === 'recording'
  const label = isRecording ? t.dictation.finish : t.dictation.start
  return (
    <IconButton
      icon={isRecording ? 'stop' : 'microphone'}
      label={label}
      className={isRecording ? 'dictate recording' : 'dictate'}
      disabled={dictation.phase === 'asking' || dictation.phase === 'transcribing'}
      onClick={() => void (isRecording ? finishDictation() : startDictation(event_id))}
    />
  )
}

/** Shows what the microphone is doing while a dictation is running. */
export function DictationBar({ event_id }: { event_id: string }): ReactNode {
  const t = useMessages()
  const { dictation } = useDictation()
  if (dictation.phase === 'off' || dictation.event_id !== event_id) return null
  return (
    <div className={`dictation ${dictation.phase}`}>
      <span role={dictation.phase === 'failed' || dictation.phase === 'unheard' ? 'alert' : 'status'}>
        <DictationText dictation={dictation} />
      </span>
      {dictation.phase === 'recording' && <RecordingTime sinceMs={dictation.beganAtMs} />}
      <span className="button-row">
        {dictation.phase === 'recording' && (
          <button type="button" className="primary" onClick={() => void finishDictation()}>
            {t.dictation.finish}
          </button>
        )}
        {dictation.phase === 'failed' && (
          <button type="button" onClick={() => void finishDictation()}>
            <Icon name="retry" /> {t.try_again}
          </button>
        )}
        {dictation.phase === 'unheard' && (
          <button type="button" onClick={() => void startDictation(event_id)}>
            <Icon name="retry" /> {t.try_again}
          </button>
        )}
        <button type="button" onClick={cancelDictation}>
          {dictation.phase === 'failed'
            ? t.dictation.discard
            : dictation.phase === 'unheard'
              ? t.close
              : t.dictation.cancel}
        </button>
      </span>
    </div>
  )
}

function DictationText({ dictation }: { dictation: Exclude<Dictation, { phase: 'off' }> }): ReactNode {
  const t = useMessages()
  switch (dictation.phase) {
    case 'asking':
      return t.dictation.asking
    case 'recording':
      return t.dictation.recording
    case 'transcribing':
      return dictation.isFull ? t.dictation.full : t.dictation.transcribing
    case 'failed':
      return `${t.errorText[dictation.errorKind].cause} ${t.dictation.kept}`
    case 'unheard':
      return t.dictation[dictation.reason]
  }
}

function RecordingTime({ sinceMs }: { sinceMs: number }): ReactNode {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - sinceMs) / 1_000)), 250)
    return () => clearInterval(timer)
  }, [sinceMs])
  const text = `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, '0')}`
  return (
    <span className="elapsed" role="timer">
      {text}
    </span>
  )
}
