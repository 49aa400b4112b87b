import type { ExportQuery } from '@engineer-chat/protocol'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { useSettings } from '../../state/page/settings.ts'
import { downloadRoom } from '../../state/rooms/rooms.ts'
import { ErrorText } from '../parts/error-text.tsx'
import { useAction } from './use-action.ts'

const FORMATS = ['markdown', 'json'] as const

export function ExportDialog({ event_id }: { event_id: string }): ReactNode {
  const t = useMessages()
  const { language } = useSettings()
  const { isBusy, errorText, run } = useAction()
  const [format, setFormat] = useState<ExportQuery['format']>('markdown')
  const [includesPrivate, setIncludesPrivate] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    run(() => downloadRoom(event_id, { format, language, private: includesPrivate ? 'include' : 'leave_out' }))
  }
  return (
    <form className="content" onSubmit={submit}>
      <fieldset>
        <legend>{t.export_format}</legend>
        {FORMATS.map((name) => (
          <label key={name} className="choice">
            <input type="radio" name="format" checked={format === name} onChange={() => setFormat(name)} />
            {t.export_formats[name]}
          </label>
        ))}
      </fieldset>
      <label className="choice">
        <input
          type="checkbox"
          checked={includesPrivate}
          onChange={({ target }) => setIncludesPrivate(target.checked)}
        />
        {t.export_private}
      </label>
      <p className="quiet">{t.export_contents}</p>
      <ErrorText text={errorText} />
      <p className="button-row">
        <button type="submit" className="primary" disabled={isBusy}>
          {isBusy ? t.exporting : t.export_button}
        </button>
      </p>
    </form>
  )
}
