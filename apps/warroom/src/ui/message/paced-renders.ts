/**
 * `share` limits the part of the time that the rendering of a streamed answer takes, so that keys and clicks are
 * handled in between. Very slow renders take a larger part, because the pause after a render is at most `maxPauseMs`.
 */
const READING_PACE = { share: 0.1, maxPauseMs: 2_000 }
/** While the reader types, renders are less frequent, because keys are not handled during a render. */
const TYPING_PACE = { share: 0.03, maxPauseMs: 6_000 }
/** Typing counts as ended after this time without a key. */
const TYPING_ENDS_AFTER_MS = 500
/** During a pause, its length is computed again at this interval, because typing may have begun or ended. */
const CHECK_INTERVAL_MS = 200

let lastKeyMs = Number.NEGATIVE_INFINITY
const recordKeyTime = (): void => {
  lastKeyMs = performance.now()
}
addEventListener('keydown', recordKeyTime, { capture: true, passive: true })

/**
 * Combines requests into one render, which begins in an animation frame, and pauses after each render. `render` changes
 * the page before it returns.
 */
export class PacedRenders {
  readonly #render: () => void
  readonly #channel = new MessageChannel()
  #isRequested = false
  /** Is true from the beginning of a render until its duration is known, which decides the length of the pause. */
  #isRendering = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #frame = 0
  #startedAtMs = 0
  #endedAtMs = 0
  #durationMs = 0

  constructor(render: () => void) {
    this.#render = render
    this.#channel.port1.onmessage = () => this.#measure()
  }

  request(): void {
    if (this.#isRequested) return
    this.#isRequested = true
    if (!this.#isRendering) this.#wait()
  }

  #wait(): void {
    const remainingMs = this.#getRemainingPauseMs()
    if (remainingMs <= 0) this.#frame = requestAnimationFrame(() => this.#start())
    else this.#timer = setTimeout(() => this.#wait(), Math.min(remainingMs, CHECK_INTERVAL_MS))
  }

  /** Returns the time that remains until the next render may begin. */
  #getRemainingPauseMs(): number {
    const nowMs = performance.now()
    const { share, maxPauseMs } = nowMs - lastKeyMs < TYPING_ENDS_AFTER_MS ? TYPING_PACE : READING_PACE
    // For example, a pause of 90 ms follows a render that took 10 ms, if the share is 0.1.
    const pauseMs = Math.min(maxPauseMs, this.#durationMs / share - this.#durationMs)
    return this.#endedAtMs + pauseMs - nowMs
  }

  stop(): void {
    clearTimeout(this.#timer)
    cancelAnimationFrame(this.#frame)
    this.#channel.port1.close()
  }

  #start(): void {
    this.#isRequested = false
    this.#isRendering = true
    this.#startedAtMs = performance.now()
    try {
      this.#render()
    } finally {
      this.#channel.port2.postMessage(null) // This message arrives after the layout and the painting of this frame.
    }
  }

  #measure(): void {
    this.#endedAtMs = performance.now()
    this.#durationMs = this.#endedAtMs - this.#startedAtMs
    this.#isRendering = false
    if (this.#isRequested) this.#wait()
  }
}
