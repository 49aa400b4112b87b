import { measureDrift, type PlacedRow, type ReadingAnchor, readAnchor } from './reading-anchor.ts'

/** The reader counts as scrolling for this long after a wheel, a key, a touch or a scroll event. */
const SCROLLING_MS = 250
const BLANK = '--blank-below'

export interface GrowingAnswer {
  questionKey: string
  answerKey: string
}

/**
 * Keeps the rows that a reader sees at their place on the screen while rows around them change. A reader at the end
 * stays at the end. While the reader scrolls, each step is the new place.
 */
export class ReadingPlace {
  /** If true, the list scrolls to each new row. */
  isAtEnd: boolean
  /** Is called when the reader has stopped scrolling. */
  onScrollEnd = (): void => {}
  /** Returns the rows of a question and of its answer, while that is the last row and grows. */
  findGrowingAnswer = (): GrowingAnswer | undefined => undefined
  /** Is called when the list no longer follows an answer, because its question has reached the upper edge. */
  onStopFollowing = (): void => {}
  /** Names the answer that is no longer followed: a reader who goes on to the end follows it again. */
  #stoppedKey: string | undefined
  #scroller: HTMLElement | null = null
  #anchor: ReadingAnchor | undefined
  /** Is true for the target of a link, which may be too near to the end to be at its offset. */
  #isTarget = false
  /** Holds the scroll position and the height of the rows when the anchor was last read or restored. */
  #settled = { top: -1, height: 0 }
  /** Is true if a scroll by the reader was noticed before its event came. */
  #isRecorded = false
  #scrollingUntil = 0
  #isPressed = false
  /** Is true while a touch scroll continues without the finger. A browser may stop it if the page scrolls. */
  #isSliding = false
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Holds the height of the blank below the last row. It keeps the place when rows below were removed. */
  #blankPx = 0

  constructor(atEnd: boolean) {
    this.isAtEnd = atEnd
  }

  /** Attaches to a list, and returns the function that detaches from it. */
  attach(scroller: HTMLElement): () => void {
    this.#scroller = scroller
    this.#blankPx = 0
    this.#settled = { top: -1, height: 0 }
    const controller = new AbortController()
    const { signal } = controller
    const extendScrolling = () => this.#extendScrolling()
    for (const name of ['wheel', 'touchmove', 'keydown'] as const)
      scroller.addEventListener(name, extendScrolling, { passive: true, signal })
    const handlePress = ({ type, target }: Event) => {
      if (type === 'pointerdown' && target !== scroller) return // Only the scroll bar is the scroller itself.
      this.#isPressed = type === 'touchstart' || type === 'pointerdown'
      this.#isSliding ||= type === 'touchstart'
      this.#extendScrolling()
    }
    for (const name of ['touchstart', 'pointerdown', 'touchend', 'touchcancel'] as const)
      scroller.addEventListener(name, handlePress, { passive: true, signal })
    addEventListener('pointerup', () => this.#isPressed && handlePress(new Event('pointerup')), { signal })
    return () => {
      controller.abort()
      clearTimeout(this.#timer)
      this.#scroller = null
    }
  }

  /** Lists the anchor's rows, from the upper edge down. */
  get rows(): readonly PlacedRow[] {
    return this.#anchor?.rows ?? []
  }

  /** Is true if the end of the last row is visible. */
  get isEndVisible(): boolean {
    const scroller = this.#scroller
    if (!scroller || this.#isScrolling) return false
    const last = [...scroller.querySelectorAll('[data-row]')].at(-1)
    if (!last || getComputedStyle(last).visibility === 'hidden') return false // It isn't measured yet.
    return getContentHeight(scroller) - scroller.clientHeight - scroller.scrollTop <= 1
  }

  /** Handles a scroll event. Returns true if the reader has scrolled, and false if the layout has moved. */
  handleScroll(): boolean {
    const scroller = this.#scroller
    if (!scroller) return false
    const isRecorded = this.#isRecorded
    this.#isRecorded = false
    if (Math.abs(scroller.scrollTop - this.#settled.top) < 1) return isRecorded
    if (this.#isScrolling) this.#extendScrolling()
    else if (this.#isMovedByLayout(scroller)) {
      this.settle()
      return false
    }
    this.#recordAnchor(scroller)
    return true
  }

  /** Shows a row at an offset from the upper edge. `top` is the list's estimate of the row's position. */
  goTo({ key, offset }: PlacedRow, top: number): void {
    this.isAtEnd = false
    this.#anchor = { rows: [{ key, offset }] }
    this.#isTarget = true
    this.#scrollingUntil = 0
    this.approach(top - offset)
  }

  /** Scrolls to an estimated position, so that the list draws the anchor's rows and they can be measured. */
  approach(top: number): void {
    if (!this.#scroller) return
    if (this.#isTarget) this.#setBlank(this.#scroller, 0)
    this.#scroller.scrollTop = top
    this.settle()
  }

  /** Restores the place after a change of the layout. Returns false if none of the anchor's rows is drawn. */
  settle(): boolean {
    const scroller = this.#scroller
    if (!scroller || this.#isPressed || this.#isSliding || (this.isAtEnd && this.#isScrolling)) return true
    const isRestored = this.isAtEnd ? this.#scrollToEnd(scroller) : this.#restoreAnchor(scroller)
    if (isRestored) this.#storePosition(scroller)
    return isRestored
  }

  get #isScrolling(): boolean {
    return this.#isPressed || performance.now() < this.#scrollingUntil
  }

  #extendScrolling(): void {
    this.#scrollingUntil = performance.now() + SCROLLING_MS
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#endScrolling(), SCROLLING_MS)
  }

  #endScrolling(): void {
    if (this.#isPressed) {
      this.#extendScrolling()
      return
    }
    this.#scrollingUntil = 0
    if (this.#scroller && this.#isSliding && !this.isAtEnd) this.#recordAnchor(this.#scroller)
    this.#isSliding = false
    this.onScrollEnd()
  }

  #recordAnchor(scroller: HTMLElement): void {
    this.#isTarget = false
    // After a long scroll no row is drawn there yet. The rows of before are not the reader's place any more.
    this.#anchor = readAnchor(scroller)
    this.#setBlank(scroller, Math.min(this.#blankPx, getBlank(scroller, scroller.scrollTop)))
    this.#storePosition(scroller)
  }

  #storePosition(scroller: HTMLElement): void {
    this.#settled = { top: scroller.scrollTop, height: getContentHeight(scroller) }
  }

  /**
   * Returns true if the list has not moved, or has moved exactly as far as the anchor or as the end of the rows. Any
   * other distance means that the reader has scrolled and the event has not come yet.
   */
  #isMovedByLayout(scroller: HTMLElement): boolean {
    const { top, height } = this.#settled
    const drift = (this.#anchor && measureDrift(scroller, this.#anchor)) ?? 0
    const lowest = scroller.scrollHeight - scroller.clientHeight
    return [0, drift + scroller.scrollTop - top, getContentHeight(scroller) - height].some(
      (distance) => Math.abs(scroller.scrollTop - Math.max(0, Math.min(top + distance, lowest))) < 2,
    )
  }

  /** Shows the end. While there is a blank below the last row, the place is kept until new rows fill the blank. */
  #scrollToEnd(scroller: HTMLElement): true {
    const drift = this.#blankPx > 0 && this.#anchor ? (measureDrift(scroller, this.#anchor) ?? 0) : 0
    const end = getContentHeight(scroller) - scroller.clientHeight
    if (this.#stopAtQuestion(scroller, end)) return true
    if (this.#blankPx === 0 || scroller.scrollTop + drift < end - 1) {
      this.#setBlank(scroller, 0)
      scroller.scrollTop = scroller.scrollHeight
      this.#anchor = readAnchor(scroller) ?? this.#anchor
    } else this.#restoreAnchor(scroller)
    return true
  }

  /** Stops at the question of a growing answer when following it further would move the question out of view. */
  #stopAtQuestion(scroller: HTMLElement, end: number): boolean {
    const growing = this.findGrowingAnswer()
    if (!growing || growing.answerKey === this.#stoppedKey) return false
    const question = findRow(scroller, growing.questionKey)
    const isTall = question === undefined || question.offsetHeight > scroller.clientHeight / 2
    const row = isTall ? findRow(scroller, growing.answerKey) : question
    if (!row || getComputedStyle(row).visibility === 'hidden') return false
    const distance = row.getBoundingClientRect().top - scroller.getBoundingClientRect().top
    if (distance < -1 || scroller.scrollTop + distance >= end - 1) return false
    this.#stoppedKey = growing.answerKey
    this.isAtEnd = false
    scroller.scrollTop += distance
    this.#recordAnchor(scroller)
    this.onStopFollowing()
    return true
  }

  #restoreAnchor(scroller: HTMLElement): boolean {
    if (!this.#anchor) {
      this.#anchor = readAnchor(scroller)
      return true
    }
    const drift = measureDrift(scroller, this.#anchor)
    if (drift === undefined) return false
    if (!this.#isTarget && !this.#isMovedByLayout(scroller)) {
      this.#recordAnchor(scroller)
      this.#isRecorded = true
      return true
    }
    const top = scroller.scrollTop + drift
    if (!this.#isTarget) this.#setBlank(scroller, getBlank(scroller, top))
    if (Math.abs(drift) >= 1) scroller.scrollTop = top
    return true
  }

  #setBlank(scroller: HTMLElement, blank: number): void {
    if (Math.abs(blank - this.#blankPx) < 1) return
    this.#blankPx = blank
    scroller.style.setProperty(BLANK, `${blank}px`)
  }
}

const findRow = (scroller: Element, key: string): HTMLElement | undefined =>
  [...scroller.querySelectorAll<HTMLElement>('[data-row]')].find((row) => row.dataset.row === key)

/** Measures the rows and the padding, without the blank below. */
function getContentHeight(scroller: Element): number {
  const { paddingTop, paddingBottom } = getComputedStyle(scroller)
  const rows = scroller.firstElementChild?.getBoundingClientRect().height ?? 0
  return rows + Number.parseFloat(paddingTop) + Number.parseFloat(paddingBottom)
}

const getBlank = (scroller: Element, top: number): number =>
  Math.max(0, top + scroller.clientHeight - getContentHeight(scroller))
