import { useEffect } from 'react'
import { updateView, useView } from '../../state/page/view.ts'
import { findMessageBox, isFieldFocused } from '../parts/focus.ts'
import { closeSearch, openSearch } from './search-focus.ts'

/** Handles the keys that work on the whole page. Dialogs and lists handle their own keys. */
export function usePageKeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.isComposing) return
      const isCtrlOrMetaDown = event.metaKey || event.ctrlKey
      if (isCtrlOrMetaDown && event.key === 'k') togglePaletteByKey(event)
      else if (isCtrlOrMetaDown && event.key === 'f' && !event.shiftKey) openSearchByKey(event)
      else if (event.key === 'Escape' && useView.getState().isSearchOpen && isUnhandled(event)) closeSearch()
      else if (event.key === '/' && !isFieldFocused()) focusMessageBoxByKey(event)
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
}

function togglePaletteByKey(event: KeyboardEvent): void {
  event.preventDefault()
  updateView({ isPaletteOpen: !useView.getState().isPaletteOpen })
}

function openSearchByKey(event: KeyboardEvent): void {
  event.preventDefault()
  openSearch()
}

function focusMessageBoxByKey(event: KeyboardEvent): void {
  const box = findMessageBox()
  if (!box) return
  event.preventDefault()
  box.focus()
}

/** Returns true if neither a dialog nor a list of suggestions handles the key. */
const isUnhandled = (event: KeyboardEvent): boolean =>
  !event.defaultPrevented && !document.querySelector('dialog[open]')
