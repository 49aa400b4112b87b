import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { showToast } from '../../state/page/toasts.ts'

/** Shows a text for copying: a message as JSON, or a text that the page could not copy itself. */
export function TextToCopyDialog({ text }: { text: string }): ReactNode {
  const t = useMessages()
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => showToast(t.copied, 'good'),
      () => showToast(t.copy_by_hand, 'bad'),
    )
  }
  return (
    <div className="content">
      <pre tabIndex={0} className="source">
        {text}
      </pre>
      <p className="button-row">
        <button type="button" className="primary" onClick={copy}>
          {t.copy}
        </button>
      </p>
    </div>
  )
}
