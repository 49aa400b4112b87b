import {
  type CreateEvent,
  EVENT_STATUSES,
  type Event,
  type EventFilter,
  SEVERITIES,
  TLP_LABELS,
} from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import type { Catalog } from '../../i18n/en.ts'
import { useMessages } from '../../i18n/index.ts'
import { filterEvents, showMineOnly, useEvents } from '../../state/events/events.ts'
import { Severity } from './severity.tsx'

/** Describes a field of an event whose value is one of a few words. */
interface WordField<Value extends string> {
  values: readonly Value[]
  label(t: Catalog): string
  words(t: Catalog): Record<string, string>
}

const SEVERITY: WordField<Event['severity']> = {
  values: SEVERITIES,
  label: (t) => t.severity_label,
  words: (t) => t.severity,
}

const STATUS: WordField<Event['event_status']> = {
  values: EVENT_STATUSES,
  label: (t) => t.status_label,
  words: (t) => t.status,
}

const TLP: WordField<Event['tlp']> = {
  values: TLP_LABELS,
  label: (t) => t.tlp_label,
  words: (t) =>
    Object.fromEntries(Object.entries(t.tlp).map(([label, meaning]) => [label, `${writeTlp(label)} · ${meaning}`])),
}

/** Lists the fields that the list of events is filtered by. */
const FILTERS: Record<keyof EventFilter, WordField<string>> = { severity: SEVERITY, event_status: STATUS, tlp: TLP }

type WordOf<T> = { [Field in keyof T]-?: string extends T[Field] ? never : Field }[keyof T]
/** Names the fields of a new event that are words. `access` has a checkbox and a lock of its own. */
type Choice = Exclude<WordOf<Required<CreateEvent>>, 'access'>

/** Lists the fields that are chosen for a new event and shown with it. */
const CHOICES: {
  [Field in Choice]: {
    field: WordField<Event[Field]>
    preset: Event[Field]
    show(event: Event, isLong: boolean): ReactNode
  }
} = {
  severity: {
    field: SEVERITY,
    preset: 'medium',
    show: ({ severity }, isLong) => <Severity severity={severity} isLong={isLong} />,
  },
  tlp: {
    field: TLP,
    preset: 'amber',
    // An API node of an older version sends no label.
    show: ({ tlp }) => tlp && <Tlp label={tlp} />,
  },
}

/** Reads the choices from a form's texts. An unknown word becomes the field's preset. */
export const readChoices = (text: (name: string) => string): Pick<Event, Choice> => ({
  severity: readChoice('severity', text),
  tlp: readChoice('tlp', text),
})

function readChoice<Field extends Choice>(name: Field, text: (name: string) => string): Event[Field] {
  const { field, preset } = CHOICES[name]
  const chosen = text(name)
  return field.values.find((value) => value === chosen) ?? preset
}

export function EventChoices(): ReactNode {
  const t = useMessages()
  return Object.entries(CHOICES).map(([name, { field, preset }]) => (
    <label key={name}>
      {field.label(t)}
      <select name={name} defaultValue={preset}>
        <Words field={field} />
      </select>
    </label>
  ))
}

export function EventMarks({ event, isLong = false }: { event: Event; isLong?: boolean }): ReactNode {
  return Object.entries(CHOICES).map(([name, { show }]) => <span key={name}>{show(event, isLong)}</span>)
}

export function EventFilters(): ReactNode {
  const t = useMessages()
  const { filter, isMineOnly } = useEvents()
  const chosen = new Map<string, string | undefined>(Object.entries(filter))
  return (
    <div className="filters">
      {Object.entries(FILTERS).map(([name, field]) => (
        <select
          key={name}
          aria-label={field.label(t)}
          value={chosen.get(name) ?? ''}
          onChange={({ target }) => filterEvents({ ...filter, [name]: target.value || undefined })}
        >
          <option value="">{field.label(t)}</option>
          <Words field={field} />
        </select>
      ))}
      <button
        type="button"
        className="mine"
        aria-pressed={isMineOnly}
        title={t.mine_only_what}
        onClick={() => showMineOnly(!isMineOnly)}
      >
        {t.mine_only}
      </button>
    </div>
  )
}

/** Writes a label as the standard does, in every language. */
export const writeTlp = (label: string): string => `TLP:${label.toUpperCase()}`

/** Shows the label in the colours of the standard, on black in both themes. */
export const Tlp = ({ label }: { label: Event['tlp'] }): ReactNode => (
  <span className={`tlp ${label.replace('+', '-')}`} title={useMessages().tlp[label]}>
    {writeTlp(label)}
  </span>
)

function Words({ field }: { field: WordField<string> }): ReactNode {
  return Object.entries(field.words(useMessages())).map(([value, word]) => (
    <option key={value} value={value}>
      {word}
    </option>
  ))
}
