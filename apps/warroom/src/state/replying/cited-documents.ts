import { listHeadings, parseMarkdown, toVisibleText } from '@engineer-chat/markdown'
import { useEffect } from 'react'
import { create } from 'zustand'
import { createLoadOrder } from '../page/load-order.ts'
import { client } from '../people/sign-in.ts'

/** Holds the last loaded texts of cited documents; null means that the document could not be read. */
const useDocumentTexts = create<Record<string, string | null>>(() => ({}))

/**
 * Returns the cited section of a document: undefined until the document has loaded, null if it could not be read. Each
 * preview loads the document again, because it may have changed or the last load may have failed.
 */
export function useCitedSection(document_id: string | undefined, anchor = ''): string | null | undefined {
  const content = useDocumentTexts((texts) => (document_id === undefined ? null : texts[document_id]))
  useEffect(() => {
    if (document_id !== undefined) void loadDocumentText(document_id)
  }, [document_id])
  return typeof content === 'string' ? toVisibleText(findSection(content, anchor)) : content
}

const registerLoad = createLoadOrder()

async function loadDocumentText(document_id: string): Promise<void> {
  const isNewestResult = registerLoad(document_id)
  const content = await client.getDocument(document_id).then(
    (document) => document.content,
    () => null,
  )
  if (isNewestResult()) useDocumentTexts.setState({ [document_id]: content })
}

/** Returns the text from a heading to the next one, or the beginning of the text if the heading no longer exists. */
function findSection(content: string, anchor: string): string {
  const headings = listHeadings(parseMarkdown(content))
  const index = headings.findIndex((heading) => heading.anchor === anchor)
  return content.slice(headings[index]?.start ?? 0, headings[index + 1]?.start)
}
