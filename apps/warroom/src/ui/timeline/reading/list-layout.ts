export const findRow = (scroller: Element, key: string): HTMLElement | undefined =>
  [...scroller.querySelectorAll<HTMLElement>('[data-row]')].find((row) => row.dataset.row === key)

/** Returns the height of the rows and the padding, without the blank space below. */
export function getContentHeightPx(scroller: Element): number {
  const { paddingTop, paddingBottom } = getComputedStyle(scroller)
  const rowsPx = scroller.firstElementChild?.getBoundingClientRect().height ?? 0
  return rowsPx + Number.parseFloat(paddingTop) + Number.parseFloat(paddingBottom)
}

/** Returns the height of the blank space below the rows that the list needs, so that it can be scrolled to `topPx`. */
export const calculateNeededBlankPx = (scroller: Element, topPx: number): number =>
  Math.max(0, topPx + scroller.clientHeight - getContentHeightPx(scroller))
