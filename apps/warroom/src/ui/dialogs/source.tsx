import type { ReactNode } from 'react'
import { useWords } from '../../i18n/index.ts'
import { toast } from '../../state/page/toasts.ts'

export function Source({ json }: { json: string }): ReactNode {
  const say = useWords()
  const copy = () => {
    navigator.clipboard.writeText(json).then(
      () => toast(say.copied, 'good'),
      () => toast(say.copy_by_hand, 'bad'),
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
