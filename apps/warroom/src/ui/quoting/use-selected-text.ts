import type { Message } from '@engineer-chat/protocol'
import { useCallback, useEffect, useState } from 'react'
import { findQuotableMessage } from './start-quote.ts'

export interface SelectedText {
  message: Message
  text: string
  /** Holds the position of the selection in the window. */
  rect: DOMRect
}

/** Matches the parts of a message that do not belong to its text. */
const PARTS_WITHOUT_TEXT = '.byline, .quote, .reasoning, .broken-off, .reply-foot, .pinned-by, .actions'

/**
 * Returns the text that is selected within one message, after the pointer has been released. Returns undefined for a
 * selection that spans several messages.
 */
export function useSelectedText(event_id: string): { selected: SelectedText | undefined; clear(): void } {
  const [selected, setSelected] = useState<SelectedText>()
  const clear = useCallback(() => {
    getSelection()?.removeAllRanges()
    setSelected(undefined)
  }, [])
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    let isPointerDown = false
    const update = () => setSelected(isPointerDown ? undefined : readSelection(event_id))
    const onPointer = (isDown: boolean) => () => {
      isPointerDown = isDown
      if (!isDown) requestAnimationFrame(update) // A click clears a selection only after this event.
    }
    document.addEventListener('selectionchange', update, { signal })
    addEventListener('pointerdown', onPointer(true), { capture: true, signal })
    addEventListener('pointerup', onPointer(false), { capture: true, signal })
    addEventListener('pointercancel', onPointer(false), { capture: true, signal })
    addEventListener('scroll', update, { capture: true, passive: true, signal })
    addEventListener('resize', update, { signal })
    update() // This code is loaded after the first view, so a text may already be selected.
    return () => controller.abort()
  }, [event_id])
  return { selected, clear }
}

function readSelection(event_id: string): SelectedText | undefined {
  const selection = getSelection()
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return undefined
  const range = selection.getRangeAt(0)
  const body = findSelectedBody(range)
  const message = body && findQuotableMessage(event_id, body)
  if (!message) return undefined
  const rect = intersect(range, body).getBoundingClientRect()
  const isInView = rect.bottom > 0 && rect.top < innerHeight
  return isInView ? { message, text: selection.toString().trim(), rect } : undefined
}

/**
 * Finds the body of the message that contains all selected text. After a triple click, for example, the selection ends
 * where the next row begins, but contains no text of that row.
 */
function findSelectedBody(range: Range): Element | undefined {
  const selectedText = readText(range)
  const bodies = [range.startContainer, range.endContainer].map(findBody)
  const body = bodies.find((candidate) => candidate && readText(intersect(range, candidate)) === selectedText)
  if (!body || selectedText === '') return undefined
  const otherParts = [...body.querySelectorAll(PARTS_WITHOUT_TEXT)]
  return otherParts.some((otherPart) => readText(intersect(range, otherPart)) !== '') ? undefined : body
}

function findBody(node: Node): Element | null | undefined {
  const element = node instanceof Element ? node : node.parentElement
  return element?.closest('.message')?.querySelector(':scope > .body')
}

const readText = (range: Range): string => range.toString().trim()

/** Returns the part of a range that lies within a node. */
function intersect(range: Range, node: Node): Range {
  const part = document.createRange()
  part.selectNodeContents(node)
  if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0)
    part.setStart(range.startContainer, range.startOffset)
  if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0) part.setEnd(range.endContainer, range.endOffset)
  return part
}
