/** Describes a rendered row. `offsetPx` is the distance from the list's upper edge down to the row's top. */
export interface PlacedRow {
  key: string
  offsetPx: number
}

/** Holds the visible rows and their offsets. Later, any of these rows shows how far the list has moved. */
export interface ReadingAnchor {
  rows: readonly PlacedRow[]
  /** Describes the first visible block of the first row, if that row begins above the list's upper edge. */
  block?: { element: Element; text: string; offsetPx: number } | undefined
}

/** Blocks are compared by the beginning of their text, because a block may be long. */
const COMPARED_CHARACTERS = 400
/** Positions may be fractions of a pixel. A row or block that ends at most this far below the upper edge is hidden. */
const TOLERANCE_PX = 1

/** Reads the visible rows. Skips rows with `visibility: hidden`, because the list has not measured them yet. */
export function readAnchor(scroller: Element): ReadingAnchor | undefined {
  const { top, bottom } = scroller.getBoundingClientRect()
  const rows: PlacedRow[] = []
  let block: ReadingAnchor['block']
  for (const row of listRows(scroller)) {
    const rect = row.getBoundingClientRect()
    const isInView = rect.bottom > top + TOLERANCE_PX && rect.top < bottom
    if (!isInView || getComputedStyle(row).visibility === 'hidden') continue
    if (rows.length === 0 && rect.top < top) block = readBlock(row, top)
    rows.push({ key: row.dataset.row ?? '', offsetPx: rect.top - top })
  }
  return rows.length === 0 ? undefined : { rows, block }
}

/**
 * Returns by how many pixels the anchor is lower on the screen than when it was read, or undefined if none of its rows
 * is rendered.
 */
export function measureAnchorShiftPx(scroller: Element, anchor: ReadingAnchor): number | undefined {
  const { top } = scroller.getBoundingClientRect()
  const renderedRows = new Map(listRows(scroller).map((row) => [row.dataset.row, row]))
  for (const [index, { key, offsetPx }] of anchor.rows.entries()) {
    const row = renderedRows.get(key)
    if (!row) continue
    const block = index === 0 && anchor.block ? findBlock(row, anchor.block, top) : undefined
    if (block && anchor.block) return block.getBoundingClientRect().top - top - anchor.block.offsetPx
    return row.getBoundingClientRect().top - top - offsetPx
  }
  return undefined
}

const listRows = (scroller: Element): HTMLElement[] => [...scroller.querySelectorAll<HTMLElement>('[data-row]')]

/**
 * Finds the innermost block at the list's upper edge. Returns undefined for a block without text, because `findBlock`
 * could not find that block again.
 */
function readBlock(row: Element, listTopPx: number): ReadingAnchor['block'] {
  let element = row
  for (;;) {
    const child = [...element.children].find(
      (descendant) => isBlock(descendant) && descendant.getBoundingClientRect().bottom > listTopPx + TOLERANCE_PX,
    )
    if (!child) break
    element = child
    if (child.getBoundingClientRect().top >= listTopPx) break
  }
  const text = readText(element)
  if (element === row || text === '') return undefined
  return { element, text, offsetPx: element.getBoundingClientRect().top - listTopPx }
}

const isBlock = (element: Element): boolean => {
  const { display, position } = getComputedStyle(element)
  return !display.startsWith('inline') && display !== 'none' && display !== 'contents' && position !== 'absolute'
}

/**
 * Finds the block again by its text, because a finished answer gets new elements, and a streamed answer grows at its
 * end. If several blocks have that text, returns the one nearest to the old position.
 */
function findBlock(row: Element, block: NonNullable<ReadingAnchor['block']>, listTopPx: number): Element | undefined {
  if (row.contains(block.element) && readText(block.element) === block.text) return block.element
  const candidates = [...row.querySelectorAll(block.element.tagName)]
  const withSameText = candidates.filter((candidate) => readText(candidate) === block.text)
  // A block that has grown since then begins with the old text.
  const withSameBeginning = candidates.filter((candidate) => readText(candidate).startsWith(block.text))
  const matching = withSameText.length > 0 ? withSameText : withSameBeginning
  const getDistancePx = (candidate: Element) =>
    Math.abs(candidate.getBoundingClientRect().top - listTopPx - block.offsetPx)
  return matching.sort((a, b) => getDistancePx(a) - getDistancePx(b))[0]
}

const readText = (element: Element): string => (element.textContent ?? '').slice(0, COMPARED_CHARACTERS)
