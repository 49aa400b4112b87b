import { listHeadings, parseMarkdown, toVisibleText } from '@engineer-chat/markdown'
import { useEffect } from 'react'
import { create } from 'zustand'
import { client } from '../people/sign-in.ts'

/** Holds the texts of cited documents as they were loaded last; null is one that could not be read then. */
const useLoaded = create<Record<string, string | null>>(() => ({}))

/**
 * Returns what stands at the cited place of a document. It is undefined until the document has loaded. Each
 * look loads it again: it may have changed, or the last try may have failed.
 */
export function useCitedSection(document_id: string | undefined, anchor = ''): string | null | undefined {
  const content = useLoaded((all) => (document_id === undefined ? null : all[document_id]))
  useEffect(() => {
    if (document_id !== undefined) void load(document_id)
  }, [document_id])
  return typeof content === 'string' ? toVisibleText(takeSection(content, anchor)) : content
}

async function load(document_id: string): Promise<void> {
  const content = await client.getDocument(document_id).then(
    (document) => document.content,
    () => null,
  )
  useLoaded.setState({ [document_id]: content })
}

/** Returns the text from a heading to the next one. A heading that is gone leaves the beginning. */
function takeSection(content: string, anchor: string): string {
  const headings = listHeadings(parseMarkdown(content))
  const index = headings.findIndex((heading) => heading.anchor === anchor)
  return content.slice(headings[index]?.start ?? 0, headings[index + 1]?.start)
}
