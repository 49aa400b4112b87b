import { type ReactNode, useLayoutEffect, useRef } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { useMayAsk } from '../../state/events/members.ts'
import { cutQuote } from '../../text/quoted-text.ts'
import { copyText } from '../parts/copy-text.ts'
import { Icon } from '../parts/icon.tsx'
import { startQuote } from './start-quote.ts'
import type { SelectedText } from './use-selected-text.ts'

/** The bar keeps this distance from the selection. */
const GAP_PX = 8
/** On a touch screen the distance is larger, because handles for the selection are below it. */
const TOUCH_GAP_PX = 24
/** The bar keeps this distance from the edges of the window and of the timeline. */
const EDGE_PX = 8

/**
 * Shows the actions on a selected text. A press on a button keeps the selection until the button's action has used it.
 */
export function SelectionActions(props: { selected: SelectedText; clear(): void }): ReactNode {
  const { selected, clear } = props
  const t = useMessages()
  const bar = useRef<HTMLDivElement>(null)
  // Each rendering can change the size of the bar, so this effect has no dependencies.
  useLayoutEffect(() => {
    if (bar.current) placeAtSelection(bar.current, selected)
  })
  const { message, text } = selected
  const mayAsk = useMayAsk(message.event_id)
  const quote = (to: 'ai' | 'room') => {
    clear()
    startQuote(to, message, cutQuote(text))
  }
  return (
    <div
      ref={bar}
      className="selection-bar"
      role="toolbar"
      aria-label={t.selection_actions}
      onPointerDown={(event) => event.preventDefault()}
    >
      {mayAsk && (
        <>
          <button type="button" className="plain ask" aria-keyshortcuts="A" onClick={() => quote('ai')}>
            <Icon name="sparkle" /> {t.ask_about}
          </button>
          <button type="button" className="plain" aria-keyshortcuts="R" onClick={() => quote('room')}>
            <Icon name="reply" /> {t.reply_with_quote}
          </button>
        </>
      )}
      <button
        type="button"
        className="plain"
        onClick={() => {
          clear()
          void copyText(text, t.copied)
        }}
      >
        <Icon name="copy" /> {t.copy}
      </button>
    </div>
  )
}

/**
 * Puts the bar above the selection, or below it if there is no space above. On a touch screen it is always below,
 * because the browser's own menu appears above. The bar stays within the timeline, so that it does not cover the list
 * of events.
 */
function placeAtSelection(bar: HTMLElement, { rect }: SelectedText): void {
  const isTouchScreen = matchMedia('(hover: none)').matches
  const topAbovePx = rect.top - bar.offsetHeight - GAP_PX
  const topBelowPx = rect.bottom + (isTouchScreen ? TOUCH_GAP_PX : GAP_PX)
  const topPx = topAbovePx < EDGE_PX || isTouchScreen ? topBelowPx : topAbovePx
  const centredLeftPx = (rect.left + rect.right) / 2 - bar.offsetWidth / 2
  bar.style.top = `${Math.max(EDGE_PX, Math.min(topPx, innerHeight - bar.offsetHeight - EDGE_PX))}px`
  const timeline = document.querySelector('.timeline')?.getBoundingClientRect()
  const minLeftPx = (timeline?.left ?? 0) + EDGE_PX
  const maxLeftPx = (timeline?.right ?? innerWidth) - bar.offsetWidth - EDGE_PX
  bar.style.left = `${Math.max(minLeftPx, Math.min(centredLeftPx, maxLeftPx))}px`
}
