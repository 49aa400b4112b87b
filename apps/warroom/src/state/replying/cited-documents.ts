import { listHeadings, parseMarkdown, toVisibleText } from '@engineer-chat/markdown'
import { useEffect } from 'react'
import { create } from 'zustand'
import { client } from '../people/sign-in.ts'

/** Holds the texts of cited documents; null is one that this reader can't read. */
const useLoaded = create<Record<string, string | null>>(() => ({}))

/** Returns what stands at the cited place of a document. It is undefined until the document has loaded. */
export function useCitedSection(document_id: string | undefined, anchor = ''): string | null | undefined {
  const content = useLoaded((all) => (document_id === undefined ? null : all[document_id]))
  const isMissing = document_id !== undefined && content === undefined
  useEffect(() => {
    if (isMissing) void load(document_id)
  }, [isMissing, document_id])
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
