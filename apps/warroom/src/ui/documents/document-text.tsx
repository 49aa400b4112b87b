import { listHeadings, parseMarkdown } from '@engineer-chat/markdown'
import { type ReactNode, useLayoutEffect, useMemo, useRef } from 'react'
import { renderMarkdown } from '../../text/markdown.tsx'

interface Props {
  content: string
  language: string
  /** Names the heading to show. */
  anchor?: string
  /** Changes with each navigation, so that the page scrolls to the heading again. */
  navigationCount?: number
}

/**
 * Shows the whole text of a document, and scrolls to the heading that `anchor` names. The page has a heading of the
 * second level above the text, so the headings of the text begin at the third level.
 */
export function DocumentText({ content, language, anchor = '', navigationCount = 0 }: Props): ReactNode {
  const frame = useRef<HTMLDivElement>(null)
  const text = useMemo(() => renderMarkdown(content), [content])
  useLayoutEffect(() => {
    const heading = frame.current && findHeading(frame.current, content, anchor)
    heading?.scrollIntoView({ block: 'start' })
    heading?.focus({ preventScroll: true })
  }, [content, anchor, navigationCount])
  return (
    <div ref={frame} className="prose" lang={language}>
      {text}
    </div>
  )
}

/**
 * Finds the heading by its index, because headings have the same order in the text and in the page. Headings in lists
 * and quotes have no anchor and are not counted.
 */
function findHeading(frame: HTMLElement, content: string, anchor: string): HTMLElement | undefined {
  if (anchor === '') return undefined
  const index = listHeadings(parseMarkdown(content)).findIndex((heading) => heading.anchor === anchor)
  const element = [...frame.querySelectorAll<HTMLElement>(':scope > .heading')][index]
  element?.setAttribute('tabindex', '-1')
  return element
}
