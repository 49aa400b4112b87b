import { defang, markDeceptive } from '@engineer-chat/markdown'
import type { IndicatorType } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { closeDialog } from '../../state/page/view.ts'
import { toSafeHref } from '../../text/links.ts'
import { copyText } from '../message/actions.tsx'

/** Only these types are addresses. Defanging would break another value, such as `T1059.001`. */
const DEFANGED: ReadonlySet<IndicatorType> = new Set(['url', 'domain', 'email', 'ipv4'])

/** Lets the reader copy an indicator. An address can also be copied defanged, or visited. */
export function IndicatorDialog({ value, type }: { value: string; type: IndicatorType }): ReactNode {
  const t = useMessages()
  const isAddress = DEFANGED.has(type)
  const marked = markDeceptive(value)
  const shownValue = isAddress ? defang(marked) : marked
  const href = toSafeHref(value)
  const copyAndClose = (what: string) => {
    closeDialog()
    void copyText(what, t.copied)
  }
  return (
    <div className="content">
      <p className="indicator-shown">{shownValue}</p>
      <p className="ways">
        {isAddress && (
          <button type="button" className="primary" onClick={() => copyAndClose(shownValue)}>
            {t.copy_defanged}
          </button>
        )}
        <button type="button" className={isAddress ? undefined : 'primary'} onClick={() => copyAndClose(value)}>
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
