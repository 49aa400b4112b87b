/** Scrolling counts as ended after this time without a press and without a wheel, key, touch or scroll event. */
const SCROLLING_MS = 250

/** Tracks whether the reader is scrolling a list, by wheel, key, touch or scroll bar. */
export class ScrollGesture {
  /** Is called when the reader has stopped scrolling. `wasTouch` says whether a touch may have scrolled. */
  readonly #handleEnd: (wasTouch: boolean) => void
  #scrollingUntilMs = 0
  #isPressed = false
  /** Is true from the beginning of a touch until its scrolling has ended, which may be after the touch. */
  #mayTouchScroll = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(handleEnd: (wasTouch: boolean) => void) {
    this.#handleEnd = handleEnd
  }

  get isScrolling(): boolean {
    return this.#isPressed || performance.now() < this.#scrollingUntilMs
  }

  /** Is true while the page must not set the scroll position, because this could stop the scrolling. */
  get isHeld(): boolean {
    return this.#isPressed || this.#mayTouchScroll
  }

  /** Listens to the reader's input in a list, and returns the function that stops listening. */
  listen(scroller: HTMLElement): () => void {
    const controller = new AbortController()
    const { signal } = controller
    const options = { passive: true, signal }
    for (const name of ['wheel', 'touchmove', 'keydown'] as const)
      scroller.addEventListener(name, () => this.extend(), options)
    const setPressed = (isPressed: boolean) => {
      this.#isPressed = isPressed
      this.extend()
    }
    const handleTouchStart = () => {
      this.#mayTouchScroll = true
      setPressed(true)
    }
    // A press on the scroll bar has the scroller itself as its target. A press on a row does not scroll.
    const handlePointerDown = ({ target }: Event) => {
      if (target === scroller) setPressed(true)
    }
    const handlePointerUp = () => {
      if (this.#isPressed) setPressed(false)
    }
    scroller.addEventListener('touchstart', handleTouchStart, options)
    scroller.addEventListener('pointerdown', handlePointerDown, options)
    scroller.addEventListener('touchend', () => setPressed(false), options)
    scroller.addEventListener('touchcancel', () => setPressed(false), options)
    addEventListener('pointerup', handlePointerUp, { signal }) // The pointer may be released outside the list.
    return () => {
      controller.abort()
      clearTimeout(this.#timer)
    }
  }

  /** Handles input of the reader, who then counts as scrolling for at least SCROLLING_MS. */
  extend(): void {
    this.#scrollingUntilMs = performance.now() + SCROLLING_MS
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#end(), SCROLLING_MS)
  }

  /** Ends the scrolling at once, so that a scroll which the page starts now does not count as the reader's. */
  endNow(): void {
    this.#scrollingUntilMs = 0
  }

  #end(): void {
    if (this.#isPressed) {
      this.extend()
      return
    }
    this.#scrollingUntilMs = 0
    const wasTouch = this.#mayTouchScroll
    this.#mayTouchScroll = false
    this.#handleEnd(wasTouch)
  }
}
