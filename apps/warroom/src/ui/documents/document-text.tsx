import { listHeadings, parseMarkdown } from '@engineer-chat/markdown'
import { type ReactNode, useLayoutEffect, useMemo, useRef } from 'react'
import { renderMarkdown } from '../../text/markdown.tsx'

interface Props {
  content: string
  language: string
  /** Names the heading to show. */
  place?: string
  /** Is another number each time that the reader goes to the place. */
  visit?: number
}

/** Shows the text of a document below a heading of the second level, and goes to one of its headings. */
export function DocumentText({ content, language, place = '', visit = 0 }: Props): ReactNode {
  const frame = useRef<HTMLDivElement>(null)
  const text = useMemo(() => renderMarkdown(content), [content])
  useLayoutEffect(() => {
    const element = frame.current && findHeading(frame.current, content, place)
    element?.scrollIntoView({ block: 'start' })
    element?.focus({ preventScroll: true })
  }, [content, place, visit])
  return (
    <div ref={frame} className="prose" lang={language}>
      {text}
    </div>
  )
}

/** The headings of the page stand in the order of the text. Those in lists and quotes have no anchor. */
function findHeading(frame: HTMLElement, content: string, place: string): HTMLElement | undefined {
  if (place === '') return undefined
  const index = listHeadings(parseMarkdown(content)).findIndex(({ anchor }) => anchor === place)
  const element = [...frame.querySelectorAll<HTMLElement>(':scope > .heading')][index]
  element?.setAttribute('tabindex', '-1')
  return element
}
