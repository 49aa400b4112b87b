import { type RefObject, useEffect } from 'react'
import { isTyping } from '../parts/focus.ts'

/**
 * Moves the focus to the next message with J and to the one before with K, while nobody types. From outside the
 * timeline, J goes to the first message in view and K to the last one. In a control of a page beside the room the keys
 * do nothing.
 */
export function useMessageKeys(box: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const step = event.key === 'j' ? 1 : event.key === 'k' ? -1 : 0
      if (step === 0 || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
      if (event.defaultPrevented || isTyping() || document.querySelector('dialog[open], :popover-open')) return
      const message = box.current && findNext(box.current, step)
      if (!message) return
      event.preventDefault()
      focusMessage(message)
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [box])
}

function findNext(box: HTMLElement, step: 1 | -1): HTMLElement | undefined {
  const messages = [...box.querySelectorAll<HTMLElement>('.message')]
  const current = messages.findIndex((message) => message.contains(document.activeElement))
  if (current >= 0) return messages[current + step]
  const { top, bottom } = box.getBoundingClientRect()
  const visible = messages.filter((message) => {
    const place = message.getBoundingClientRect()
    return place.bottom > top + 1 && place.top < bottom - 1
  })
  return step === 1
    ? (visible.find((message) => message.getBoundingClientRect().top >= top) ?? visible[0])
    : visible.at(-1)
}

/** Shows a message from its beginning if it is higher than the timeline, else as near as it is. */
function focusMessage(message: HTMLElement): void {
  const list = message.closest('.rows')
  const fits = list === null || message.offsetHeight <= list.clientHeight
  message.focus({ preventScroll: true })
  message.scrollIntoView({ block: fits ? 'nearest' : 'start' })
}
