import { readFrontMatter } from '@engineer-chat/markdown'
import { type ChangeEvent, type ReactNode, useRef } from 'react'
import { useDocumentMessages } from '../../i18n/document-messages.ts'
import { applyFields, type DocumentDraft } from '../../state/documents/drafts.ts'
import { showToast } from '../../state/page/toasts.ts'

/** The server has a lower limit. This one keeps the page from reading what it cannot hold. */
const MAX_FILE_BYTES = 4_194_304

interface Props {
  draft: DocumentDraft
  onChange(draft: DocumentDraft): void
}

/** Fills the form with a Markdown file: its text, and what its front matter says. */
export function Upload({ draft, onChange }: Props): ReactNode {
  const t = useDocumentMessages()
  const input = useRef<HTMLInputElement>(null)
  const take = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0]
    target.value = '' // The same file can be taken again.
    if (!file) return
    if (file.size > MAX_FILE_BYTES) return showToast(t.file_too_large, 'bad')
    const { fields, text } = readFrontMatter(await file.text())
    const title = draft.title || file.name.replace(/\.[^.]+$/, '')
    onChange(applyFields({ ...draft, title, content: text }, fields))
    showToast(t.uploaded(file.name), 'good')
  }
  return (
    <>
      <button type="button" onClick={() => input.current?.click()}>
        {t.upload}
      </button>
      <input
        ref={input}
        hidden
        type="file"
        accept=".md,.markdown,text/markdown"
        aria-label={t.upload}
        onChange={(event) => void take(event)}
      />
    </>
  )
}
