import { defang, markDeceptive } from '@engineer-chat/markdown'
import type { IndicatorType } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { closeDialog } from '../../state/page/view.ts'
import { safeHref } from '../../text/links.ts'
import { copyText } from '../message/actions.tsx'

/** These types name a place that can be reached; in another type, such as `T1059.001`, a defanged dot breaks the value. */
const DEFANGED: ReadonlySet<IndicatorType> = new Set(['url', 'domain', 'email', 'ipv4'])

/** Lets an address be copied defanged or as it is, or visited knowingly; any other indicator is copied as it is. */
export function IndicatorDialog({ value, type }: { value: string; type: IndicatorType }): ReactNode {
  const t = useMessages()
  const isAddress = DEFANGED.has(type)
  const marked = markDeceptive(value)
  const inert = isAddress ? defang(marked) : marked
  const href = safeHref(value)
  const take = (what: string) => {
    closeDialog()
    void copyText(what, t.copied)
  }
  return (
    <div className="content">
      <p className="indicator-shown">{inert}</p>
      <p className="ways">
        {isAddress && (
          <button type="button" className="primary" onClick={() => take(inert)}>
            {t.copy_defanged}
          </button>
        )}
        <button type="button" className={isAddress ? undefined : 'primary'} onClick={() => take(value)}>
          {isAddress ? t.copy_as_is : t.copy}
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
