import { markDeceptive } from '@engineer-chat/markdown'
import { type ReactNode, useEffect, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { useEvents } from '../../state/events/events.ts'
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

const TIME_UPDATE_INTERVAL_MS = 250

/**
 * Starts and ends a dictation. The button is shown if the device can transcribe, or if the server can transcribe and
 * may receive the sound.
 */
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
  // The buttons beside a kept recording decide what happens to it.
  const mayBePressed = isRecording || dictation.phase === 'off' || dictation.phase === 'unheard'
  const label = isRecording ? t.dictation.finish : t.dictation.start
  return (
    <IconButton
      icon={isRecording ? 'stop' : 'microphone'}
      label={label}
      className={isRecording ? 'dictate recording' : 'dictate'}
      disabled={!mayBePressed}
      onClick={() => void (isRecording ? finishDictation() : startDictation(event_id))}
    />
  )
}

/**
 * Shows the state of a dictation that is running or has failed, with the buttons to end it or to try again. A kept
 * recording is shown in every room, because there is no new dictation before it is transcribed or discarded.
 */
export function DictationBar({ event_id }: { event_id: string }): ReactNode {
  const t = useMessages()
  const { dictation } = useDictation()
  if (dictation.phase === 'off') return null
  const isForOtherRoom = dictation.event_id !== event_id
  if (isForOtherRoom && dictation.phase !== 'failed') return null
  const cancelLabels: Partial<Record<Dictation['phase'], string>> = { failed: t.dictation.discard, unheard: t.close }
  return (
    <div className={`dictation ${dictation.phase}`}>
      <span role={dictation.phase === 'failed' || dictation.phase === 'unheard' ? 'alert' : 'status'}>
        <DictationText dictation={dictation} isForOtherRoom={isForOtherRoom} />
      </span>
      {dictation.phase === 'recording' && <RecordingTime beganAtMs={dictation.beganAtMs} />}
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
          {cancelLabels[dictation.phase] ?? t.dictation.cancel}
        </button>
      </span>
    </div>
  )
}

function DictationText(props: { dictation: Exclude<Dictation, { phase: 'off' }>; isForOtherRoom: boolean }): ReactNode {
  const { dictation, isForOtherRoom } = props
  const t = useMessages()
  const eventName =
    useEvents(({ events }) => events.find(({ event_id }) => event_id === dictation.event_id)?.event_name) ??
    dictation.event_id
  const kept = isForOtherRoom ? t.dictation.kept_for(markDeceptive(eventName)) : t.dictation.kept
  switch (dictation.phase) {
    case 'asking':
      return t.dictation.asking
    case 'recording':
      return t.dictation.recording
    case 'transcribing':
      return dictation.isFull ? t.dictation.full : t.dictation.transcribing
    case 'failed':
      return `${t.errorText[dictation.errorKind].cause} ${kept}`
    case 'unheard':
      return t.dictation[dictation.reason]
  }
}

/** Shows minutes and seconds since `beganAtMs`, which is in milliseconds of `performance.now()`. */
function RecordingTime({ beganAtMs }: { beganAtMs: number }): ReactNode {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const update = () => setSeconds(Math.floor((performance.now() - beganAtMs) / 1_000))
    const timer = setInterval(update, TIME_UPDATE_INTERVAL_MS)
    return () => clearInterval(timer)
  }, [beganAtMs])
  const text = `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, '0')}`
  return (
    <span className="elapsed" role="timer">
      {text}
    </span>
  )
}
