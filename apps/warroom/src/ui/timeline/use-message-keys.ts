import { type RefObject, useEffect } from 'react'
import { isFieldFocused } from '../parts/focus.ts'

const STEPS_BY_KEY = new Map<string, 1 | -1>([
  ['j', 1],
  ['k', -1],
])

/**
 * Handles the keys J and K, unless a field has the focus. J moves the focus to the next message and K to the previous
 * one. If no message has the focus, J goes to the first visible message and K to the last visible one.
 */
export function useMessageKeys(container: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const step = STEPS_BY_KEY.get(event.key)
      if (step === undefined || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
      if (event.defaultPrevented || isFieldFocused() || document.querySelector('dialog[open], :popover-open')) return
      if (!container.current) return
      event.preventDefault()
      moveFocus(container.current, step, MAX_FRAMES)
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [container])
}

/** Positions may be fractions of a pixel. A message is visible if more than this height of it is in view. */
const TOLERANCE_PX = 1

/** Rows outside the view are rendered some frames after a scroll, so a second key press may have to wait for them. */
const MAX_FRAMES = 20

function moveFocus(container: HTMLElement, step: 1 | -1, framesLeft: number): void {
  const message = findNextMessage(container, step)
  const focused = document.activeElement
  if (message) focusMessage(message)
  else if (framesLeft > 0)
    requestAnimationFrame(() => {
      if (document.activeElement === focused) moveFocus(container, step, framesLeft - 1)
    })
}

function findNextMessage(container: HTMLElement, step: 1 | -1): HTMLElement | undefined {
  const messages = [...container.querySelectorAll<HTMLElement>('.message')]
  const focusedIndex = messages.findIndex((message) => message.contains(document.activeElement))
  if (focusedIndex >= 0) return messages[focusedIndex + step]
  const { top, bottom } = container.getBoundingClientRect()
  const visibleMessages = messages.filter((message) => {
    const rect = message.getBoundingClientRect()
    return rect.bottom > top + TOLERANCE_PX && rect.top < bottom - TOLERANCE_PX
  })
  return step === 1
    ? (visibleMessages.find((message) => message.getBoundingClientRect().top >= top) ?? visibleMessages[0])
    : visibleMessages.at(-1)
}

/**
 * Focuses a message and scrolls to it: to its beginning if it is taller than the list, otherwise as little as possible.
 */
function focusMessage(message: HTMLElement): void {
  const list = message.closest('.rows')
  const fits = list === null || message.offsetHeight <= list.clientHeight
  message.focus({ preventScroll: true })
  message.scrollIntoView({ block: fits ? 'nearest' : 'start' })
}
