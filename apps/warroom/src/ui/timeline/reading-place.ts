import { measureDrift, type PlacedRow, type ReadingAnchor, readAnchor } from './reading-anchor.ts'

/** After a wheel, a key or a touch the reader is scrolling for this long, and again after each scroll event. */
const SCROLLING_MS = 250
const BLANK = '--blank-below'

/**
 * Keeps what a reader looks at where it is, whatever changes above, in or below it. A reader at the end is kept there.
 * Only readers move themselves: while one scrolls, each step is the new place.
 */
export class ReadingPlace {
  /** A reader at the end follows what comes. */
  atEnd: boolean
  /** Is called when the reader has stopped to scroll. */
  onScrollEnd = (): void => {}
  #scroller: HTMLElement | null = null
  #anchor: ReadingAnchor | undefined
  /** A row that is gone to may be too near to the end to stand where it should. */
  #isTarget = false
  /** Is where the list was scrolled to, and how high its rows were, when the anchor was read or restored. */
  #known = { top: -1, height: 0 }
  /** True if somebody's scroll was seen before its event. */
  #isRecorded = false
  #scrollingUntil = 0
  #isPressed = false
  /** A finger's scroll goes on by itself, and a browser may stop it when the page scrolls. */
  #isSliding = false
  #timer: ReturnType<typeof setTimeout> | undefined
  /** The blank below the last row, which keeps the place when what was below it is gone. */
  #blank = 0

  constructor(atEnd: boolean) {
    this.atEnd = atEnd
  }

  /** Begins with another list; returns the function that ends it. */
  attach(scroller: HTMLElement): () => void {
    this.#scroller = scroller
    this.#blank = 0
    this.#known = { top: -1, height: 0 }
    const listening = new AbortController()
    const { signal } = listening
    const scrolling = () => this.#scrolling()
    for (const name of ['wheel', 'touchmove', 'keydown'] as const)
      scroller.addEventListener(name, scrolling, { passive: true, signal })
    const press = ({ type, target }: Event) => {
      if (type === 'pointerdown' && target !== scroller) return // Only the scroll bar is the scroller itself.
      this.#isPressed = type === 'touchstart' || type === 'pointerdown'
      this.#isSliding ||= type === 'touchstart'
      this.#scrolling()
    }
    for (const name of ['touchstart', 'pointerdown', 'touchend', 'touchcancel'] as const)
      scroller.addEventListener(name, press, { passive: true, signal })
    addEventListener('pointerup', () => this.#isPressed && press(new Event('pointerup')), { signal })
    return () => {
      listening.abort()
      clearTimeout(this.#timer)
      this.#scroller = null
    }
  }

  /** The reader's place by its rows, from the upper edge down. */
  get rows(): readonly PlacedRow[] {
    return this.#anchor?.rows ?? []
  }

  /** True if the last row's end is in view. */
  get seesEnd(): boolean {
    const scroller = this.#scroller
    if (!scroller || this.#isScrolling) return false
    const last = [...scroller.querySelectorAll('[data-row]')].at(-1)
    if (!last || getComputedStyle(last).visibility === 'hidden') return false // It isn't measured yet.
    return getContentHeight(scroller) - scroller.clientHeight - scroller.scrollTop <= 1
  }

  /** Takes a scroll event; true if the reader has scrolled, and not the layout. */
  scrolled(): boolean {
    const scroller = this.#scroller
    if (!scroller) return false
    const isRecorded = this.#isRecorded
    this.#isRecorded = false
    if (Math.abs(scroller.scrollTop - this.#known.top) < 1) return isRecorded
    if (this.#isScrolling) this.#scrolling()
    else if (this.#isMovedByLayout(scroller)) {
      this.settle()
      return false
    }
    this.#record(scroller)
    return true
  }

  /** Shows a row so far below the upper edge; `top` is where the list believes it to be. */
  goTo({ key, offset }: PlacedRow, top: number): void {
    this.atEnd = false
    this.#anchor = { rows: [{ key, offset }] }
    this.#isTarget = true
    this.#scrollingUntil = 0
    this.approach(top - offset)
  }

  /** Scrolls to where the anchor is believed to be, so that the list draws it; it is measured then. */
  approach(top: number): void {
    if (!this.#scroller) return
    if (this.#isTarget) this.#setBlank(this.#scroller, 0)
    this.#scroller.scrollTop = top
    this.settle()
  }

  /** Restores the place after a change of the layout; false if none of its rows is drawn. */
  settle(): boolean {
    const scroller = this.#scroller
    if (!scroller || this.#isPressed || this.#isSliding || (this.atEnd && this.#isScrolling)) return true
    const isHeld = this.atEnd ? this.#follow(scroller) : this.#hold(scroller)
    if (isHeld) this.#know(scroller)
    return isHeld
  }

  get #isScrolling(): boolean {
    return this.#isPressed || performance.now() < this.#scrollingUntil
  }

  #scrolling(): void {
    this.#scrollingUntil = performance.now() + SCROLLING_MS
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#scrollEnded(), SCROLLING_MS)
  }

  #scrollEnded(): void {
    if (this.#isPressed) {
      this.#scrolling()
      return
    }
    this.#scrollingUntil = 0
    if (this.#scroller && this.#isSliding && !this.atEnd) this.#record(this.#scroller)
    this.#isSliding = false
    this.onScrollEnd()
  }

  #record(scroller: HTMLElement): void {
    this.#isTarget = false
    this.#anchor = readAnchor(scroller) ?? this.#anchor
    this.#setBlank(scroller, Math.min(this.#blank, getBlank(scroller, scroller.scrollTop)))
    this.#know(scroller)
  }

  #know(scroller: HTMLElement): void {
    this.#known = { top: scroller.scrollTop, height: getContentHeight(scroller) }
  }

  /**
   * Tells whether the list stands where it stood, or has moved as far as its rows or its end: by itself, or because the
   * browser had to. Any other distance is somebody's scroll, of which the event is still to come.
   */
  #isMovedByLayout(scroller: HTMLElement): boolean {
    const { top, height } = this.#known
    const drift = (this.#anchor && measureDrift(scroller, this.#anchor)) ?? 0
    const lowest = scroller.scrollHeight - scroller.clientHeight
    return [0, drift + scroller.scrollTop - top, getContentHeight(scroller) - height].some(
      (distance) => Math.abs(scroller.scrollTop - Math.max(0, Math.min(top + distance, lowest))) < 2,
    )
  }

  /** Shows the end; while there is a blank below it, the place is kept until the blank is filled. */
  #follow(scroller: HTMLElement): true {
    const drift = this.#blank > 0 && this.#anchor ? (measureDrift(scroller, this.#anchor) ?? 0) : 0
    const end = getContentHeight(scroller) - scroller.clientHeight
    if (this.#blank === 0 || scroller.scrollTop + drift < end - 1) {
      this.#setBlank(scroller, 0)
      scroller.scrollTop = scroller.scrollHeight
      this.#anchor = readAnchor(scroller) ?? this.#anchor
    } else this.#hold(scroller)
    return true
  }

  #hold(scroller: HTMLElement): boolean {
    if (!this.#anchor) {
      this.#anchor = readAnchor(scroller)
      return true
    }
    const drift = measureDrift(scroller, this.#anchor)
    if (drift === undefined) return false
    if (!this.#isTarget && !this.#isMovedByLayout(scroller)) {
      this.#record(scroller)
      this.#isRecorded = true
      return true
    }
    const top = scroller.scrollTop + drift
    if (!this.#isTarget) this.#setBlank(scroller, getBlank(scroller, top))
    if (Math.abs(drift) >= 1) scroller.scrollTop = top
    return true
  }

  #setBlank(scroller: HTMLElement, blank: number): void {
    if (Math.abs(blank - this.#blank) < 1) return
    this.#blank = blank
    scroller.style.setProperty(BLANK, `${blank}px`)
  }
}

/** Measures the rows and what is around them, without the blank below. */
function getContentHeight(scroller: Element): number {
  const { paddingTop, paddingBottom } = getComputedStyle(scroller)
  const rows = scroller.firstElementChild?.getBoundingClientRect().height ?? 0
  return rows + Number.parseFloat(paddingTop) + Number.parseFloat(paddingBottom)
}

const getBlank = (scroller: Element, top: number): number =>
  Math.max(0, top + scroller.clientHeight - getContentHeight(scroller))
