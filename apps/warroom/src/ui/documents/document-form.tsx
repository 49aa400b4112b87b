import { DOCUMENT_KINDS, TLP_LABELS } from '@engineer-chat/protocol'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useDocumentMessages } from '../../i18n/document-messages.ts'
import { useMessages } from '../../i18n/index.ts'
import type { DocumentDraft } from '../../state/documents/drafts.ts'
import { writeTlp } from '../parts/event-fields.tsx'
import { DocumentText } from './document-text.tsx'
import { Upload } from './upload.tsx'

interface Props {
  draft: DocumentDraft
  onChange(draft: DocumentDraft): void
  onSave(): void
  onCancel(): void
  isBusy: boolean
  saveLabel: string
  /** Stands above the buttons: why the last try failed, and what to do. */
  problem: ReactNode
  /** Chooses who reads a new document. */
  scope?: ReactNode
  /** Leaves the label to the server where the document is new. */
  isNew: boolean
}

export function DocumentForm(props: Props): ReactNode {
  const { draft, onChange, onSave, onCancel, isBusy, saveLabel, problem, scope } = props
  const t = useDocumentMessages()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSave()
  }
  return (
    <form className="document-form" onSubmit={submit}>
      <label>
        {t.title_label}
        <input
          required
          maxLength={255}
          value={draft.title}
          onChange={({ target }) => onChange({ ...draft, title: target.value })}
        />
      </label>
      <div className="choices">
        {scope}
        <Choices {...props} />
      </div>
      <TextField {...props} />
      {problem}
      <p className="ways">
        <button type="submit" className="primary" disabled={isBusy}>
          {saveLabel}
        </button>
        <button type="button" onClick={onCancel}>
          {t.cancel}
        </button>
        <Upload draft={draft} onChange={onChange} />
      </p>
    </form>
  )
}

function Choices({ draft, onChange, isNew }: Props): ReactNode {
  const messages = useMessages()
  const t = useDocumentMessages()
  const languages = [...new Set(['en', 'zh', draft.language])].filter((language) => language !== '')
  return (
    <>
      <label>
        {t.kind_label}
        <select
          value={draft.kind}
          onChange={({ target }) =>
            onChange({ ...draft, kind: DOCUMENT_KINDS.find((kind) => kind === target.value) ?? draft.kind })
          }
        >
          {DOCUMENT_KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t.kind[kind]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t.language_label}
        <select value={draft.language} onChange={({ target }) => onChange({ ...draft, language: target.value })}>
          {isNew && <option value="">{t.language_found}</option>}
          {languages.map((language) => (
            <option key={language} value={language}>
              {t.languages[language] ?? language}
            </option>
          ))}
        </select>
      </label>
      <label>
        {messages.tlp_label}
        <select
          value={draft.tlp}
          onChange={({ target }) => onChange({ ...draft, tlp: TLP_LABELS.find((tlp) => tlp === target.value) ?? '' })}
        >
          {isNew && <option value="">{t.tlp_of_scope}</option>}
          {TLP_LABELS.map((tlp) => (
            <option key={tlp} value={tlp}>
              {`${writeTlp(tlp)} · ${messages.tlp[tlp]}`}
            </option>
          ))}
        </select>
      </label>
    </>
  )
}

const MODES = ['write', 'preview'] as const

function TextField({ draft, onChange }: Props): ReactNode {
  const t = useDocumentMessages()
  const [mode, setMode] = useState<(typeof MODES)[number]>('write')
  return (
    <div className="document-field">
      <div className="segments">
        {MODES.map((name) => (
          <button key={name} type="button" aria-pressed={mode === name} onClick={() => setMode(name)}>
            {t.mode[name]}
          </button>
        ))}
      </div>
      {mode === 'write' && (
        <textarea
          required
          rows={18}
          aria-label={t.text_label}
          value={draft.content}
          onChange={({ target }) => onChange({ ...draft, content: target.value })}
        />
      )}
      {mode === 'preview' && (
        <div className="document-preview">
          {draft.content.trim() === '' ? (
            <p className="quiet">{t.nothing_to_preview}</p>
          ) : (
            <DocumentText content={draft.content} language={draft.language} />
          )}
        </div>
      )}
    </div>
  )
}
