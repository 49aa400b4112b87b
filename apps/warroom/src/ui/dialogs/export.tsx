import type { ExportQuery } from '@engineer-chat/protocol'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { useSettings } from '../../state/page/settings.ts'
import { download } from '../../state/rooms/pins.ts'
import { useAct } from './act.ts'

const FORMATS = ['markdown', 'json'] as const

export function Export({ event_id }: { event_id: string }): ReactNode {
  const t = useMessages()
  const { language } = useSettings()
  const { busy, problem, act } = useAct()
  const [format, setFormat] = useState<ExportQuery['format']>('markdown')
  const [own, setOwn] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    act(() => download(event_id, { format, language, private: own ? 'include' : 'leave_out' }))
  }
  return (
    <form className="content" onSubmit={submit}>
      <fieldset>
        <legend>{t.export_format}</legend>
        {FORMATS.map((one) => (
          <label key={one} className="choice">
            <input type="radio" name="format" checked={format === one} onChange={() => setFormat(one)} />
            {t.export_formats[one]}
          </label>
        ))}
      </fieldset>
      <label className="choice">
        <input type="checkbox" checked={own} onChange={({ target }) => setOwn(target.checked)} />
        {t.export_private}
      </label>
      <p className="quiet">{t.export_what}</p>
      {problem !== '' && <p className="problem">{problem}</p>}
      <p className="ways">
        <button type="submit" className="primary" disabled={busy}>
          {busy ? t.exporting : t.export_do}
        </button>
      </p>
    </form>
  )
}
