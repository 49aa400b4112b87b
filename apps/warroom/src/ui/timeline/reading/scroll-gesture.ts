/** Scrolling counts as ended after this time without a press and without a wheel, key, touch or scroll event. */
const SCROLLING_MS = 250

/** Knows whether the reader scrolls a list at the moment, by wheel, key, touch or scroll bar. */
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

  /** Listens to the reader's input in a list, and returns the function that ends this. */
  listen(scroller: HTMLElement): () => void {
    const controller = new AbortController()
    const { signal } = controller
    const extend = () => this.extend()
    for (const name of ['wheel', 'touchmove', 'keydown'] as const)
      scroller.addEventListener(name, extend, { passive: true, signal })
    const handlePress = ({ type, target }: Event) => {
      if (type === 'pointerdown' && target !== scroller) return // A press on the scroll bar targets the scroller.
      this.#isPressed = type === 'touchstart' || type === 'pointerdown'
      this.#mayTouchScroll ||= type === 'touchstart'
      this.extend()
    }
    for (const name of ['touchstart', 'pointerdown', 'touchend', 'touchcancel'] as const)
      scroller.addEventListener(name, handlePress, { passive: true, signal })
    addEventListener('pointerup', () => this.#isPressed && handlePress(new Event('pointerup')), { signal })
    return () => {
      controller.abort()
      clearTimeout(this.#timer)
    }
  }

  /** Handles input of the reader: the scrolling does not end before SCROLLING_MS have passed. */
  extend(): void {
    this.#scrollingUntilMs = performance.now() + SCROLLING_MS
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#end(), SCROLLING_MS)
  }

  /** Lets the page set the scroll position although the reader has just scrolled. */
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
