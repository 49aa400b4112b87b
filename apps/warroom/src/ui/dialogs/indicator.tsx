import { defang, markDeceptive } from '@engineer-chat/markdown'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { closeDialog } from '../../state/page/view.ts'
import { safeHref } from '../../text/links.ts'
import { copyText } from '../message/actions.tsx'

/** Lets an indicator be copied defanged or as it is, or visited knowingly. */
export function IndicatorDialog({ value }: { value: string }): ReactNode {
  const t = useMessages()
  const inert = defang(markDeceptive(value))
  const href = safeHref(value)
  const take = (what: string) => {
    closeDialog()
    void copyText(what, t.copied)
  }
  return (
    <div className="content">
      <p className="indicator-shown">{inert}</p>
      <p className="ways">
        <button type="button" className="primary" onClick={() => take(inert)}>
          {t.copy_defanged}
        </button>
        <button type="button" onClick={() => take(value)}>
          {t.copy_as_is}
        </button>
      </p>
      {href && (
        <p className="quiet">
          <a href={href} target="_blank" rel="noopener noreferrer nofollow">
            {t.visit(new URL(href).host)}
          </a>
        </p>
      )}
    </div>
  )
}
