import { type ReactNode, useEffect, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import {
  cancelDictation,
  type Dictation,
  finishDictation,
  leaveDictation,
  startDictation,
  useDictation,
} from '../../state/voice/dictation.ts'
import { loadVoice, useVoice } from '../../state/voice/voice-abilities.ts'
import { Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'

/** Where nobody can hear, there is no button. */
export function DictationButton({ event_id }: { event_id: string }): ReactNode {
  const say = useMessages()
  const isOffered = useVoice(({ dictation }) => dictation !== null)
  const { now } = useDictation()
  useEffect(() => {
    void loadVoice()
    return () => leaveDictation(event_id)
  }, [event_id])
  if (!isOffered) return null
  const isRecording = now.phase === 'recording'
  const label = isRecording ? say.dictation.finish : say.dictation.start
  return (
    <IconButton
      icon={isRecording ? 'stop' : 'microphone'}
      label={label}
      className={isRecording ? 'dictate recording' : 'dictate'}
      disabled={now.phase === 'asking' || now.phase === 'transcribing'}
      act={() => void (isRecording ? finishDictation() : startDictation(event_id))}
    />
  )
}

/** What the microphone is doing, in words, for as long as it does something. */
export function DictationBar({ event_id }: { event_id: string }): ReactNode {
  const say = useMessages()
  const { now } = useDictation()
  if (now.phase === 'off' || now.event_id !== event_id) return null
  return (
    <div className={`dictation ${now.phase}`}>
      <span role={now.phase === 'failed' || now.phase === 'deaf' ? 'alert' : 'status'}>
        <ErrorText now={now} />
      </span>
      {now.phase === 'recording' && <Elapsed since={now.began_at} />}
      <span className="ways">
        {now.phase === 'recording' && (
          <button type="button" className="primary" onClick={() => void finishDictation()}>
            {say.dictation.finish}
          </button>
        )}
        {now.phase === 'failed' && (
          <button type="button" onClick={() => void finishDictation()}>
            <Icon name="retry" /> {say.try_again}
          </button>
        )}
        {now.phase === 'deaf' && (
          <button type="button" onClick={() => void startDictation(event_id)}>
            <Icon name="retry" /> {say.try_again}
          </button>
        )}
        <button type="button" onClick={cancelDictation}>
          {now.phase === 'failed' ? say.dictation.discard : now.phase === 'deaf' ? say.close : say.dictation.cancel}
        </button>
      </span>
    </div>
  )
}

function ErrorText({ now }: { now: Exclude<Dictation, { phase: 'off' }> }): ReactNode {
  const say = useMessages()
  switch (now.phase) {
    case 'asking':
      return say.dictation.asking
    case 'recording':
      return say.dictation.recording
    case 'transcribing':
      return now.isFull ? say.dictation.full : say.dictation.transcribing
    case 'failed':
      return `${say.trouble[now.trouble].what} ${say.dictation.kept}`
    case 'deaf':
      return say.dictation[now.why]
  }
}

function Elapsed({ since }: { since: number }): ReactNode {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setSeconds(Math.floor((Date.now() - since) / 1_000)), 250)
    return () => clearInterval(timer)
  }, [since])
  const text = `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, '0')}`
  return (
    <span className="elapsed" role="timer">
      {text}
    </span>
  )
}
