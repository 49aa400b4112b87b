import { show } from '../../state/page/view.ts'
import { focusMessageBox } from '../parts/focus.ts'

let before: Element | null = null

/** Opens the search, or goes to it if it is open; remembers where the reader was. */
export function openSearch(): void {
  const box = document.querySelector<HTMLInputElement>('.search input')
  if (!box?.closest('.search')?.contains(document.activeElement)) before = document.activeElement
  if (!box) show({ search: true })
  box?.focus()
  box?.select()
}

/** Closes the search and returns to where the reader was. */
export function closeSearch(): void {
  show({ search: false })
  if (before instanceof HTMLElement && before !== document.body && before.isConnected) before.focus()
  else focusMessageBox()
  before = null
}

/** Moves by the arrow keys between the box and the results. */
export function moveInResults(key: string, search: HTMLElement): boolean {
  const step = { ArrowDown: 1, ArrowUp: -1 }[key]
  if (step === undefined) return false
  const stops = [...search.querySelectorAll<HTMLElement>('input, li button')]
  const at = stops.findIndex((stop) => stop.matches(':focus'))
  if (at < 0) return false
  stops[Math.min(Math.max(at + step, 0), stops.length - 1)]?.focus()
  return true
}
