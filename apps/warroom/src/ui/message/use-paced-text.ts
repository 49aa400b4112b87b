import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { getRoom } from '../../state/rooms/rooms.ts'

/** Limits the share of time that drawing a streamed answer takes, so that keys and clicks are handled in between. */
const READING_PACE = { share: 0.1, maxPauseMs: 2_000 }
/** Draws less often while somebody types, because each drawing delays the keys of that time. */
const TYPING_PACE = { share: 0.03, maxPauseMs: 6_000 }
/** Somebody counts as typing until this long after the last key. */
const TYPING_ENDS_AFTER_MS = 500
const CHECK_INTERVAL_MS = 200

let lastKeyAt = Number.NEGATIVE_INFINITY
const noteKey = (): void => {
  lastKeyAt = performance.now()
}
addEventListener('keydown', noteKey, { capture: true, passive: true })

/**
 * Returns what a model has written so far, at a rate that follows what the last drawing cost: the longer it took, the
 * longer the pause before the next one.
 */
export function usePacedText(event_id: string, message_id: string, isInProgress: boolean): string {
  const [shown, setShown] = useState(() => readLiveText(event_id, message_id))
  useEffect(() => {
    if (!isInProgress) return
    const drawing = new PacedDrawing(() => setShown(readLiveText(event_id, message_id)))
    let last = readLiveText(event_id, message_id)
    const unsubscribe = getRoom(event_id).on('change', () => {
      const text = readLiveText(event_id, message_id)
      if (text === last) return
      last = text
      drawing.request()
    })
    drawing.request() // Draws the text that came since the first drawing.
    return () => {
      unsubscribe()
      drawing.stop()
    }
  }, [event_id, message_id, isInProgress])
  return shown
}

const readLiveText = (event_id: string, message_id: string): string =>
  getRoom(event_id).state.liveReplies.get(message_id)?.text ?? ''

/** Draws once for any number of requests, in an animation frame, and pauses after each drawing. */
class PacedDrawing {
  readonly #draw: () => void
  readonly #channel = new MessageChannel()
  #isRequested = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #frame = 0
  #startedAt = 0
  #endedAt = 0
  #costMs = 0

  constructor(draw: () => void) {
    this.#draw = draw
    this.#channel.port1.onmessage = () => this.#measure()
  }

  request(): void {
    if (this.#isRequested) return
    this.#isRequested = true
    this.#wait()
  }

  #wait(): void {
    const pauseMs = this.#getPauseMs()
    if (pauseMs <= 0) this.#frame = requestAnimationFrame(() => this.#start())
    else this.#timer = setTimeout(() => this.#wait(), Math.min(pauseMs, CHECK_INTERVAL_MS))
  }

  #getPauseMs(): number {
    const now = performance.now()
    const { share, maxPauseMs } = now - lastKeyAt < TYPING_ENDS_AFTER_MS ? TYPING_PACE : READING_PACE
    return this.#endedAt + Math.min(maxPauseMs, this.#costMs * (1 / share - 1)) - now
  }

  stop(): void {
    clearTimeout(this.#timer)
    cancelAnimationFrame(this.#frame)
    this.#channel.port1.close()
  }

  #start(): void {
    this.#isRequested = false
    this.#startedAt = performance.now()
    flushSync(this.#draw)
    this.#channel.port2.postMessage(null) // It arrives after this frame's layout and painting.
  }

  #measure(): void {
    this.#endedAt = performance.now()
    this.#costMs = this.#endedAt - this.#startedAt
  }
}
