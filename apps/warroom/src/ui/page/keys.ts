import { useEffect } from 'react'
import { show, useView } from '../../state/page/view.ts'
import { findMessageBox } from '../parts/focus.ts'
import { closeSearch, openSearch } from './search-focus.ts'

/** Handles the keys that work everywhere. Dialogs and lists handle their own. */
export function useKeys(): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.isComposing) return
      const command = event.metaKey || event.ctrlKey
      if (command && event.key === 'k') toggle(event, { palette: !useView.getState().palette })
      else if (command && event.key === 'f' && !event.shiftKey) goToSearch(event)
      else if (event.key === 'Escape' && useView.getState().search && isFree(event)) closeSearch()
      else if (event.key === '/' && !isTyping()) focus(event)
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [])
}

function toggle(event: KeyboardEvent, changes: Parameters<typeof show>[0]): void {
  event.preventDefault()
  show(changes)
}

function goToSearch(event: KeyboardEvent): void {
  event.preventDefault()
  openSearch()
}

function focus(event: KeyboardEvent): void {
  const box = findMessageBox()
  if (!box) return
  event.preventDefault()
  box.focus()
}

const isTyping = () => document.activeElement?.matches('input, textarea, select, [contenteditable]') ?? false

/** True if neither a dialog nor a list of suggestions handles the key. */
const isFree = (event: KeyboardEvent): boolean => !event.defaultPrevented && !document.querySelector('dialog[open]')
