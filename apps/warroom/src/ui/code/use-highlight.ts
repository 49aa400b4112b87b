import { type RefObject, useLayoutEffect, useRef } from 'react'
import { findGrammar } from '../../text/highlighting/languages.ts'
import type { Token } from '../../text/highlighting/tokens.ts'

/**
 * Colours finished code with the CSS Custom Highlight API. The text stays one node, so copied text is unchanged and a
 * selection is not lost. The first code block that needs the grammars loads them. A browser without this API shows one
 * colour.
 */
export function useHighlight(text: string, info: string, isFinished: boolean): RefObject<HTMLElement | null> {
  const codeRef = useRef<HTMLElement>(null)
  const grammar = isFinished ? findGrammar(info) : undefined
  useLayoutEffect(() => {
    if (grammar === undefined || !('highlights' in CSS)) return
    let removeRanges = (): void => {}
    let isCurrent = true
    import('../../text/highlighting/tokens.ts').then(
      ({ findTokens }) => {
        const node = codeRef.current?.firstChild
        if (!isCurrent || !(node instanceof Text) || node.data !== text) return
        removeRanges = addRanges(node, findTokens(text, grammar))
      },
      () => {}, // If the grammars cannot be loaded, the code is shown in one colour.
    )
    return () => {
      isCurrent = false
      removeRanges()
    }
  }, [text, grammar])
  return codeRef
}

/** Adds a range for each token, and returns the function that removes these ranges. */
function addRanges(node: Text, tokens: readonly Token[]): () => void {
  const addedRanges = tokens.map(({ kind, start, end }) => {
    const name = `code-${kind}`
    const highlight = CSS.highlights.get(name) ?? new Highlight()
    CSS.highlights.set(name, highlight)
    const range = new StaticRange({ startContainer: node, startOffset: start, endContainer: node, endOffset: end })
    highlight.add(range)
    return { highlight, range }
  })
  return () => {
    for (const { highlight, range } of addedRanges) highlight.delete(range)
  }
}
