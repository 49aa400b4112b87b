import { readFrontMatter } from '@engineer-chat/markdown'
import { type ChangeEvent, type ReactNode, useRef } from 'react'
import { useDocumentMessages } from '../../i18n/document-messages.ts'
import { applyFrontMatter, type DocumentDraft } from '../../state/documents/drafts.ts'
import { showToast } from '../../state/page/toasts.ts'

/**
 * The server has a lower limit. This limit only prevents the page from reading a file that is too large for its memory.
 */
const MAX_FILE_BYTES = 4_194_304

interface Props {
  draft: DocumentDraft
  onChange(draft: DocumentDraft): void
}

/** Fills the form from a Markdown file: its text and the fields of its front matter. */
export function Upload({ draft, onChange }: Props): ReactNode {
  const t = useDocumentMessages()
  const input = useRef<HTMLInputElement>(null)
  const readChosenFile = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0]
    target.value = '' // Without this, choosing the same file again would fire no event.
    if (!file) return
    if (file.size > MAX_FILE_BYTES) return showToast(t.file_too_large, 'bad')
    const { fields, text } = readFrontMatter(await file.text())
    const nameWithoutExtension = file.name.replace(/\.[^.]+$/, '')
    const title = draft.title || nameWithoutExtension
    onChange(applyFrontMatter({ ...draft, title, content: text }, fields))
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
        onChange={(event) => void readChosenFile(event)}
      />
    </>
  )
}
