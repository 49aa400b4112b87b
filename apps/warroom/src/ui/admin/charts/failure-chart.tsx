import { type ReactNode, useId } from 'react'
import { useAdminMessages } from '../../../i18n/admin-messages.ts'
import { useMessages } from '../../../i18n/index.ts'
import { useFormats } from '../format.ts'
import { ShareBar } from './share-bar.tsx'

/** Shows why replies failed, the most frequent cause first. The bars show the same counts as the text. */
export function FailureChart({ errors }: { errors: Readonly<Record<string, number>> }): ReactNode {
  const messages = useMessages()
  const t = useAdminMessages()
  const headingId = useId()
  const { formatCount } = useFormats()
  const causes = Object.entries(errors).sort(([, a], [, b]) => b - a)
  const maxCount = causes[0]?.[1] ?? 1
  // A newer server may send a code that this page does not know.
  const errorTexts: Record<string, { cause: string }> = messages.reply_error
  return (
    <figure className="chart" aria-labelledby={headingId}>
      <figcaption>
        <h2 id={headingId}>{t.chart_titles.failures}</h2>
        <p className="quiet definition">{t.definitions.failures}</p>
      </figcaption>
      {causes.length === 0 && <p className="quiet nothing">{t.nothing_in_range}</p>}
      <ul className="causes">
        {causes.map(([code, count]) => (
          <li key={code} title={code}>
            <span>{errorTexts[code]?.cause ?? code}</span>
            <b>{formatCount(count)}</b>
            <ShareBar parts={[{ tone: 'bad', value: count }]} total={maxCount} />
          </li>
        ))}
      </ul>
    </figure>
  )
}
