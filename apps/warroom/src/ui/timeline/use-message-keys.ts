import { type RefObject, useEffect } from 'react'
import { isTyping } from '../parts/focus.ts'

/**
 * Moves the focus to the next message with J and to the previous one with K, unless the reader is typing. If the focus
 * is outside the timeline, J goes to the first visible message and K to the last one.
 */
export function useMessageKeys(box: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const step = event.key === 'j' ? 1 : event.key === 'k' ? -1 : 0
      if (step === 0 || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
      if (event.defaultPrevented || isTyping() || document.querySelector('dialog[open], :popover-open')) return
      if (!box.current) return
      event.preventDefault()
      moveFocus(box.current, step, MAX_FRAMES)
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [box])
}

/** Rows outside the view are rendered some frames after a scroll, so a second key press may have to wait for them. */
const MAX_FRAMES = 20

function moveFocus(box: HTMLElement, step: 1 | -1, framesLeft: number): void {
  const message = findNext(box, step)
  const focused = document.activeElement
  if (message) focusMessage(message)
  else if (framesLeft > 0)
    requestAnimationFrame(() => {
      if (document.activeElement === focused) moveFocus(box, step, framesLeft - 1)
    })
}

function findNext(box: HTMLElement, step: 1 | -1): HTMLElement | undefined {
  const messages = [...box.querySelectorAll<HTMLElement>('.message')]
  const current = messages.findIndex((message) => message.contains(document.activeElement))
  if (current >= 0) return messages[current + step]
  const { top, bottom } = box.getBoundingClientRect()
  const visible = messages.filter((message) => {
    const box = message.getBoundingClientRect()
    return box.bottom > top + 1 && box.top < bottom - 1
  })
  return step === 1
    ? (visible.find((message) => message.getBoundingClientRect().top >= top) ?? visible[0])
    : visible.at(-1)
}

/**
 * Focuses a message and scrolls to it: to its beginning if it is higher than the list, otherwise as little as possible.
 */
function focusMessage(message: HTMLElement): void {
  const list = message.closest('.rows')
  const fits = list === null || message.offsetHeight <= list.clientHeight
  message.focus({ preventScroll: true })
  message.scrollIntoView({ block: fits ? 'nearest' : 'start' })
}
