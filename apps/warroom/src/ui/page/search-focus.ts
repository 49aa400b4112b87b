import { updateView } from '../../state/page/view.ts'
import { focusMessageBox } from '../parts/focus.ts'

let focusedBefore: Element | null = null

/** Opens the search, or focuses it if it is open. Remembers the element that had the focus before. */
export function openSearch(): void {
  const box = document.querySelector<HTMLInputElement>('.search input')
  if (!box?.closest('.search')?.contains(document.activeElement)) focusedBefore = document.activeElement
  if (!box) updateView({ isSearchOpen: true })
  box?.focus()
  box?.select()
}

/** Closes the search, and focuses the element that had the focus before it was opened. */
export function closeSearch(): void {
  updateView({ isSearchOpen: false })
  if (focusedBefore instanceof HTMLElement && focusedBefore !== document.body && focusedBefore.isConnected)
    focusedBefore.focus()
  else focusMessageBox()
  focusedBefore = null
}

/**
 * Moves the focus with the arrow keys between the search box and the results. Returns false if it handles nothing: for
 * another key, or if neither the box nor a result has the focus.
 */
export function moveInResults(key: string, search: HTMLElement): boolean {
  const step = { ArrowDown: 1, ArrowUp: -1 }[key]
  if (step === undefined) return false
  const targets = [...search.querySelectorAll<HTMLElement>('input, li button')]
  const focusedIndex = targets.findIndex((target) => target.matches(':focus'))
  if (focusedIndex < 0) return false
  targets[Math.min(Math.max(focusedIndex + step, 0), targets.length - 1)]?.focus()
  return true
}
