import { calculateNeededBlankPx, findRow, getContentHeightPx } from './list-layout.ts'
import { measureAnchorShiftPx, type PlacedRow, type ReadingAnchor, readAnchor } from './reading-anchor.ts'
import { ScrollGesture } from './scroll-gesture.ts'

/** `timeline.css` adds a space of this height below the last row. */
const BLANK_PROPERTY = '--blank-below'
/** Browsers round scroll positions, so two positions count as equal if they differ by at most this. */
const ROUNDING_PX = 1
/** A scroll position counts as expected if it differs by less than this. */
const EXPECTED_WITHIN_PX = 2

export interface GrowingAnswer {
  questionKey: string
  answerKey: string
}

/**
 * Keeps the visible rows at their place on the screen while other rows change. These rows and their offsets are the
 * anchor. A reader at the end stays at the end. While the reader scrolls, each scroll event records a new anchor.
 */
export class ReadingPlace {
  /** If true, the list scrolls to its end when rows arrive or grow, but not while the reader scrolls. */
  followsEnd: boolean
  /** Is called when the reader has stopped scrolling. */
  onScrollEnd = (): void => {}
  /** Returns the row keys of a question and its answer, if the answer is the last row and grows or has just ended. */
  findGrowingAnswer = (): GrowingAnswer | undefined => undefined
  /**
   * Is called when the list stops following an answer, because its question, or the answer's own beginning, has reached
   * the upper edge.
   */
  onStopFollowing = (): void => {}
  /** Holds the row key of the answer that the list has stopped following. It stops only once for each answer. */
  #stoppedAnswerKey: string | undefined
  #scroller: HTMLElement | null = null
  #anchor: ReadingAnchor | undefined
  /**
   * Says whether `goTo` has set the anchor. A row near the end cannot reach its offset, because `goTo` adds no blank
   * space below the rows. `restore` must not conclude from this difference that the reader has scrolled.
   */
  #isSetByGoTo = false
  /** Holds the scroll position and the rows' height when the anchor was last recorded or restored; -1 means never. */
  #lastPosition = { topPx: -1, heightPx: 0 }
  /**
   * Says whether `restore` has recorded the anchor of a reader who scrolled, before the browser sent the scroll event.
   * `handleScroll` then returns true for that event, although the position is already recorded.
   */
  #isAlreadyRecorded = false
  /** Is true from `approach` until one of the anchor's rows is rendered. Until then the list moves by itself. */
  #isApproaching = false
  readonly #gesture = new ScrollGesture((wasTouch) => this.#endScrolling(wasTouch))
  /**
   * Holds the height of the blank space below the last row. Without this space, the list could not keep its scroll
   * position after rows below the anchor were removed.
   */
  #blankPx = 0

  constructor(followsEnd: boolean) {
    this.followsEnd = followsEnd
  }

  /** Attaches this place to a list, and returns the function that detaches it again. */
  attach(scroller: HTMLElement): () => void {
    this.#scroller = scroller
    this.#blankPx = 0
    this.#lastPosition = { topPx: -1, heightPx: 0 }
    const stopGesture = this.#gesture.listen(scroller)
    return () => {
      stopGesture()
      this.#scroller = null
    }
  }

  /** Lists the anchor's rows, from the upper edge down. */
  get anchorRows(): readonly PlacedRow[] {
    return this.#anchor?.rows ?? []
  }

  /**
   * Returns true if the end of the last row is visible. Returns false while the reader scrolls, and until the list has
   * measured the last row.
   */
  get isEndVisible(): boolean {
    const scroller = this.#scroller
    if (!scroller || this.#gesture.isScrolling) return false
    const lastRow = [...scroller.querySelectorAll('[data-row]')].at(-1)
    // A row with `visibility: hidden` has not been measured by the list yet.
    if (!lastRow || getComputedStyle(lastRow).visibility === 'hidden') return false
    return getContentHeightPx(scroller) - scroller.clientHeight - scroller.scrollTop <= ROUNDING_PX
  }

  /**
   * Handles a scroll event. Returns true if the reader has scrolled, and false if a change of the layout has moved the
   * scroll position.
   */
  handleScroll(): boolean {
    const scroller = this.#scroller
    if (!scroller) return false
    const isRecorded = this.#isAlreadyRecorded
    this.#isAlreadyRecorded = false
    if (Math.abs(scroller.scrollTop - this.#lastPosition.topPx) < ROUNDING_PX) return isRecorded
    if (this.#gesture.isScrolling) this.#gesture.extend()
    else if (!this.#hasReaderScrolled(scroller)) {
      this.restore()
      return false
    }
    this.#recordAnchor(scroller)
    return true
  }

  /** Shows a row at an offset from the upper edge. `estimatedTopPx` is the list's estimate of the row's position. */
  goTo({ key, offsetPx }: PlacedRow, estimatedTopPx: number): void {
    this.followsEnd = false
    this.#anchor = { rows: [{ key, offsetPx }] }
    this.#isSetByGoTo = true
    this.#gesture.endNow()
    this.approach(estimatedTopPx - offsetPx)
  }

  /** Scrolls to an estimated position, so that the list renders the anchor's rows and they can be measured. */
  approach(estimatedTopPx: number): void {
    if (!this.#scroller) return
    if (this.#isSetByGoTo) this.#setBlankPx(this.#scroller, 0)
    this.#isApproaching = true
    this.#scroller.scrollTop = estimatedTopPx
    this.restore()
  }

  /**
   * Restores the place after a change of the layout. Returns false if none of the anchor's rows is rendered. During a
   * press or a touch scroll, and while a reader at the end scrolls, it restores nothing and returns true.
   */
  restore(): boolean {
    const scroller = this.#scroller
    const { isHeld, isScrolling } = this.#gesture
    if (!scroller || isHeld || (this.followsEnd && isScrolling)) return true
    if (this.followsEnd && this.#hasReaderScrolled(scroller)) this.#recordEarly(scroller)
    // The scroll event, which arrives soon, decides whether the list still follows the end.
    if (this.followsEnd && this.#isAlreadyRecorded) return true
    const isRestored = this.followsEnd ? this.#scrollToEnd(scroller) : this.#restoreAnchor(scroller)
    if (isRestored) this.#storePosition(scroller)
    return isRestored
  }

  #endScrolling(wasTouch: boolean): void {
    // `restore` does nothing during a touch, so a change of the layout may have moved the rows since the last scroll
    // event. The anchor becomes the place that the reader now sees.
    if (this.#scroller && wasTouch && !this.followsEnd) this.#recordAnchor(this.#scroller)
    this.onScrollEnd()
  }

  #recordAnchor(scroller: HTMLElement): void {
    this.#isSetByGoTo = false
    // After a long scroll no row is rendered there yet. The anchor is then undefined until `#restoreAnchor` reads it.
    this.#anchor = readAnchor(scroller)
    this.#setBlankPx(scroller, Math.min(this.#blankPx, calculateNeededBlankPx(scroller, scroller.scrollTop)))
    this.#storePosition(scroller)
  }

  /** Records the anchor of a reader who has scrolled, before the browser sends the scroll event. */
  #recordEarly(scroller: HTMLElement): void {
    this.#recordAnchor(scroller)
    this.#isAlreadyRecorded = true
  }

  #storePosition(scroller: HTMLElement): void {
    this.#isApproaching = false
    this.#lastPosition = { topPx: scroller.scrollTop, heightPx: getContentHeightPx(scroller) }
  }

  /**
   * Returns true if a change of the layout cannot explain the scroll position. The reader has then scrolled, although
   * the scroll event may not have arrived yet.
   */
  #hasReaderScrolled(scroller: HTMLElement): boolean {
    // The list moves by itself until its rows are measured and an anchor is read, and while it approaches a row.
    if (!this.#anchor || this.#isApproaching) return false
    const { topPx, heightPx } = this.#lastPosition
    const shiftPx = measureAnchorShiftPx(scroller, this.#anchor)
    const maxTopPx = scroller.scrollHeight - scroller.clientHeight
    // A change of the layout keeps the position, the distance from the end, or the place of the visible rows.
    const expectedTopsPx = [topPx, topPx + getContentHeightPx(scroller) - heightPx]
    // After a long scroll none of the anchor's rows is rendered, so the shift is unknown.
    if (shiftPx !== undefined) expectedTopsPx.push(scroller.scrollTop + shiftPx)
    // Browsers limit a position to the range that the list can scroll.
    const limit = (positionPx: number) => Math.max(0, Math.min(positionPx, maxTopPx))
    return expectedTopsPx.every((expectedPx) => Math.abs(scroller.scrollTop - limit(expectedPx)) >= EXPECTED_WITHIN_PX)
  }

  /** Scrolls to the end. With a blank space below the rows, keeps the place while the last row's end is in view. */
  #scrollToEnd(scroller: HTMLElement): true {
    const shiftPx = this.#blankPx > 0 && this.#anchor ? (measureAnchorShiftPx(scroller, this.#anchor) ?? 0) : 0
    const endTopPx = getContentHeightPx(scroller) - scroller.clientHeight
    if (this.#stopAtQuestion(scroller, endTopPx)) return true
    if (this.#blankPx === 0 || scroller.scrollTop + shiftPx < endTopPx - ROUNDING_PX) {
      this.#setBlankPx(scroller, 0)
      scroller.scrollTop = scroller.scrollHeight
      this.#anchor = readAnchor(scroller)
    } else this.#restoreAnchor(scroller)
    return true
  }

  /**
   * Stops following a growing answer before the top of its question would move out of view. If the question is not
   * rendered, or is taller than half of the view, it stops at the top of the answer instead. Returns true if it stops.
   */
  #stopAtQuestion(scroller: HTMLElement, endTopPx: number): boolean {
    const growingAnswer = this.findGrowingAnswer()
    if (!growingAnswer || growingAnswer.answerKey === this.#stoppedAnswerKey) return false
    const { questionKey, answerKey } = growingAnswer
    const question = findRow(scroller, questionKey)
    const stopsAtQuestion = question !== undefined && question.offsetHeight <= scroller.clientHeight / 2
    const row = stopsAtQuestion ? question : findRow(scroller, answerKey)
    if (!row || getComputedStyle(row).visibility === 'hidden') return false
    const distancePx = row.getBoundingClientRect().top - scroller.getBoundingClientRect().top
    const isAboveView = distancePx < -ROUNDING_PX
    const isInViewAtEnd = scroller.scrollTop + distancePx >= endTopPx - ROUNDING_PX
    if (isAboveView || isInViewAtEnd) return false
    this.#stoppedAnswerKey = answerKey
    this.followsEnd = false
    scroller.scrollTop += distancePx
    this.#recordAnchor(scroller)
    this.onStopFollowing()
    return true
  }

  #restoreAnchor(scroller: HTMLElement): boolean {
    if (!this.#anchor) {
      this.#anchor = readAnchor(scroller)
      return true
    }
    const shiftPx = measureAnchorShiftPx(scroller, this.#anchor)
    if (shiftPx === undefined) return false
    if (!this.#isSetByGoTo && this.#hasReaderScrolled(scroller)) {
      this.#recordEarly(scroller)
      return true
    }
    const topPx = scroller.scrollTop + shiftPx
    if (!this.#isSetByGoTo) this.#setBlankPx(scroller, calculateNeededBlankPx(scroller, topPx))
    if (Math.abs(shiftPx) >= ROUNDING_PX) scroller.scrollTop = topPx
    return true
  }

  #setBlankPx(scroller: HTMLElement, blankPx: number): void {
    if (Math.abs(blankPx - this.#blankPx) < ROUNDING_PX) return
    this.#blankPx = blankPx
    scroller.style.setProperty(BLANK_PROPERTY, `${blankPx}px`)
  }
}
