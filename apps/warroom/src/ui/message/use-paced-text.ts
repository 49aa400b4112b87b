import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { getRoom } from '../../state/rooms/rooms.ts'
import { PacedRenders } from './paced-renders.ts'

/**
 * Returns the text that a model has written so far. The returned text changes less often than the model writes. After
 * each render there is a pause, which is proportional to the time that the render took, but at most `maxPauseMs`.
 */
export function usePacedText(event_id: string, message_id: string, isInProgress: boolean): string {
  const [shownText, setShownText] = useState(() => readLiveText(event_id, message_id))
  useEffect(() => {
    if (!isInProgress) return
    const renders = new PacedRenders(() => {
      flushSync(() => setShownText(readLiveText(event_id, message_id)))
    })
    let lastText = readLiveText(event_id, message_id)
    const unsubscribe = getRoom(event_id).on('change', () => {
      const text = readLiveText(event_id, message_id)
      if (text === lastText) return
      lastText = text
      renders.request()
    })
    renders.request() // This renders text that arrived before the subscription.
    return () => {
      unsubscribe()
      renders.stop()
    }
  }, [event_id, message_id, isInProgress])
  return shownText
}

const readLiveText = (event_id: string, message_id: string): string =>
  getRoom(event_id).state.repliesInProgress.get(message_id)?.text ?? ''
