/** A row, and how many pixels its top is below the upper edge of the list. It is negative where the row begins above. */
export interface PlacedRow {
  key: string
  offset: number
}

/** Holds the rows that a reader looks at. One of them is enough later to compute how far they moved. */
export interface ReadingAnchor {
  rows: readonly PlacedRow[]
  /** Is the first visible block of the first row, if that row begins above the list's edge. */
  block?: { element: Element; text: string; offset: number } | undefined
}

const COMPARED_CHARACTERS = 400

/** Reads the visible rows; hidden ones aren't measured yet, and nobody has seen them. */
export function readAnchor(scroller: Element): ReadingAnchor | undefined {
  const { top, bottom } = scroller.getBoundingClientRect()
  const rows: PlacedRow[] = []
  let block: ReadingAnchor['block']
  for (const row of listRows(scroller)) {
    const box = row.getBoundingClientRect()
    if (box.bottom <= top + 1 || box.top >= bottom || getComputedStyle(row).visibility === 'hidden') continue
    if (rows.length === 0 && box.top < top) block = readBlock(row, top)
    rows.push({ key: row.dataset.row ?? '', offset: box.top - top })
  }
  return rows.length === 0 ? undefined : { rows, block }
}

/** Tells how many pixels lower the anchor stands now; undefined if none of its rows is drawn. */
export function measureDrift(scroller: Element, anchor: ReadingAnchor): number | undefined {
  const { top } = scroller.getBoundingClientRect()
  const drawn = new Map(listRows(scroller).map((row) => [row.dataset.row, row]))
  for (const [index, { key, offset }] of anchor.rows.entries()) {
    const row = drawn.get(key)
    if (!row) continue
    const block = index === 0 && anchor.block ? findBlock(row, anchor.block, top) : undefined
    if (block && anchor.block) return block.getBoundingClientRect().top - top - anchor.block.offset
    return row.getBoundingClientRect().top - top - offset
  }
  return undefined
}

const listRows = (scroller: Element): HTMLElement[] => [...scroller.querySelectorAll<HTMLElement>('[data-row]')]

/** Descends to the innermost block at the edge. What has no text couldn't be found again. */
function readBlock(row: Element, top: number): ReadingAnchor['block'] {
  let element = row
  for (;;) {
    const next = [...element.children].find((child) => isBlock(child) && child.getBoundingClientRect().bottom > top + 1)
    if (!next) break
    element = next
    if (next.getBoundingClientRect().top >= top) break
  }
  const text = readText(element)
  if (element === row || text === '') return undefined
  return { element, text, offset: element.getBoundingClientRect().top - top }
}

const isBlock = (element: Element): boolean => {
  const { display, position } = getComputedStyle(element)
  return !display.startsWith('inline') && display !== 'none' && display !== 'contents' && position !== 'absolute'
}

/**
 * Finds the block by its text, because an answer that ends is drawn anew, and one that is written grows at its end. Of
 * several, the nearest to where it was is taken.
 */
function findBlock(row: Element, block: NonNullable<ReadingAnchor['block']>, top: number): Element | undefined {
  if (row.contains(block.element) && readText(block.element) === block.text) return block.element
  const candidates = [...row.querySelectorAll(block.element.tagName)]
  const same = candidates.filter((one) => readText(one) === block.text)
  const longer = same.length > 0 ? same : candidates.filter((one) => readText(one).startsWith(block.text))
  const distance = (one: Element) => Math.abs(one.getBoundingClientRect().top - top - block.offset)
  return longer.sort((a, b) => distance(a) - distance(b))[0]
}

const readText = (element: Element): string => (element.textContent ?? '').slice(0, COMPARED_CHARACTERS)
