import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { showToast } from '../../state/page/toasts.ts'

export function Source({ json }: { json: string }): ReactNode {
  const say = useMessages()
  const copy = () => {
    navigator.clipboard.writeText(json).then(
      () => showToast(say.copied, 'good'),
      () => showToast(say.copy_by_hand, 'bad'),
    )
  }
  return (
    <div className="content">
      <pre tabIndex={0} className="source">
        {json}
      </pre>
      <p className="ways">
        <button type="button" className="primary" onClick={copy}>
          {say.copy}
        </button>
      </p>
    </div>
  )
}
