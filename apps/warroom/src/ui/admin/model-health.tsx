import type { ConfiguredModel } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useAdminMessages } from '../../i18n/admin-messages.ts'
import { useMessages } from '../../i18n/index.ts'
import { Attribute } from './attribute.tsx'
import { useFormats } from './format.ts'

interface Props {
  /** A server of an older version sends no health. */
  health: ConfiguredModel['health'] | undefined
}

/** Shows whether a model works: its last answer, its last failure, and whether workers skip it. */
export function ModelHealth({ health }: Props): ReactNode {
  const t = useAdminMessages()
  // A newer server may send a code that this page does not know.
  const errorTexts: Record<string, { cause: string }> = useMessages().reply_error
  const { formatTime } = useFormats()
  if (!health) return <p className="quiet">{t.no_worker_reports}</p>
  const { last_success_at, last_failure_at, last_failure_code: code, workers, left_out_by } = health
  const cause = code && (errorTexts[code]?.cause ?? code)
  const failureParts = last_failure_at ? [formatTime(last_failure_at), cause].filter(Boolean) : [t.none_today]
  return (
    <dl className="attributes">
      <Attribute name={t.last_answer} value={last_success_at ? formatTime(last_success_at) : t.none_today} />
      <Attribute name={t.last_failure} value={failureParts.join(' · ')} title={code ?? undefined} />
      <Attribute name={t.left_out} value={workers === 0 ? t.no_worker_reports : t.left_out_by(left_out_by, workers)} />
    </dl>
  )
}
