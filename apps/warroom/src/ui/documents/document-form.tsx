import { DOCUMENT_KINDS, TLP_LABELS, type Tlp } from '@engineer-chat/protocol'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useDocumentMessages } from '../../i18n/document-messages.ts'
import { useMessages } from '../../i18n/index.ts'
import type { DocumentDraft } from '../../state/documents/drafts.ts'
import { formatTlp } from '../parts/event-fields.tsx'
import { DocumentText } from './document-text.tsx'
import { Upload } from './upload.tsx'

/** The server refuses a longer title. */
const MAX_TITLE_CHARACTERS = 255

interface Props {
  draft: DocumentDraft
  onChange(draft: DocumentDraft): void
  onSave(): void
  onCancel(): void
  isBusy: boolean
  saveLabel: string
  /** Appears above the buttons, and says why the document could not be saved and what to do. */
  problem: ReactNode
  /** Holds the field in which the writer chooses who may read a new document. */
  scopeField?: ReactNode
  /** Says whether the document is new. The server can then choose its language and its label. */
  isNew: boolean
  /** Names the lowest label that the writer may choose. */
  lowestTlp?: Tlp
}

export function DocumentForm(props: Props): ReactNode {
  const { draft, onChange, onSave, onCancel, isBusy, saveLabel, problem, scopeField } = props
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
          maxLength={MAX_TITLE_CHARACTERS}
          value={draft.title}
          onChange={({ target }) => onChange({ ...draft, title: target.value })}
        />
      </label>
      <div className="choices">
        {scopeField}
        <DocumentFields {...props} />
      </div>
      <TextField {...props} />
      {problem}
      <p className="button-row">
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

function DocumentFields({ draft, onChange, isNew, lowestTlp }: Props): ReactNode {
  const messages = useMessages()
  const t = useDocumentMessages()
  const languages = [...new Set(['en', 'zh', draft.language])].filter((language) => language !== '')
  const lowestIndex = lowestTlp === undefined ? 0 : TLP_LABELS.indexOf(lowestTlp)
  // The draft's current label stays a choice, even if it is lower.
  const allowedLabels = TLP_LABELS.filter((tlp, index) => index >= lowestIndex || tlp === draft.tlp)
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
          {allowedLabels.map((tlp) => (
            <option key={tlp} value={tlp}>
              {`${formatTlp(tlp)} · ${messages.tlp[tlp]}`}
            </option>
          ))}
        </select>
      </label>
    </>
  )
}

const MODES = ['write', 'preview'] as const

/** Shows the Markdown text for writing, or as readers will see it. */
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
