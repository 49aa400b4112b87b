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

/** Describes a field of an event that has a fixed list of values. */
interface ChoiceField<Value extends string> {
  values: readonly Value[]
  label(t: Catalog): string
  /** Maps each value to its name in the reader's language. */
  toValueNames(t: Catalog): Record<string, string>
}

const SEVERITY: ChoiceField<Event['severity']> = {
  values: SEVERITIES,
  label: (t) => t.severity_label,
  toValueNames: (t) => t.severity,
}

const STATUS: ChoiceField<Event['event_status']> = {
  values: EVENT_STATUSES,
  label: (t) => t.status_label,
  toValueNames: (t) => t.status,
}

const TLP: ChoiceField<Event['tlp']> = {
  values: TLP_LABELS,
  label: (t) => t.tlp_label,
  toValueNames: (t) =>
    Object.fromEntries(Object.entries(t.tlp).map(([label, meaning]) => [label, `${formatTlp(label)} · ${meaning}`])),
}

/** Lists the fields by which the list of events can be filtered. */
const FILTERS: Record<keyof EventFilter, ChoiceField<string>> = { severity: SEVERITY, event_status: STATUS, tlp: TLP }

/** Names the fields that accept only certain values. A field with the type `string` is left out. */
type KeysWithFixedValues<T> = { [Field in keyof T]-?: string extends T[Field] ? never : Field }[keyof T]

/** Names the fields of a new event that have a list of values. `access` has a checkbox instead. */
type ChoiceName = Exclude<KeysWithFixedValues<Required<CreateEvent>>, 'access'>

/** Lists the fields that the form of a new event offers, and that are shown with each event. */
const CHOICES: {
  [Field in ChoiceName]: {
    field: ChoiceField<Event[Field]>
    preset: Event[Field]
    show(event: Event): ReactNode
  }
} = {
  severity: {
    field: SEVERITY,
    preset: 'medium',
    show: ({ severity }) => <Severity severity={severity} />,
  },
  tlp: {
    field: TLP,
    preset: 'amber',
    // An API node of an older version sends no label.
    show: ({ tlp }) => tlp && <TlpLabel label={tlp} />,
  },
}

/** Reads the chosen values from a form. An unknown value becomes the field's preset. */
export const readChoices = (readField: (name: string) => string): Pick<Event, ChoiceName> => ({
  severity: readChoice('severity', readField),
  tlp: readChoice('tlp', readField),
})

function readChoice<Field extends ChoiceName>(name: Field, readField: (name: string) => string): Event[Field] {
  const { field, preset } = CHOICES[name]
  const chosenValue = readField(name)
  return field.values.find((value) => value === chosenValue) ?? preset
}

export function EventChoices(): ReactNode {
  const t = useMessages()
  return Object.entries(CHOICES).map(([name, { field, preset }]) => (
    <label key={name}>
      {field.label(t)}
      <select name={name} defaultValue={preset}>
        <ChoiceOptions field={field} />
      </select>
    </label>
  ))
}

/** Shows the values of the event's fields, for example its severity. */
export function EventFieldValues({ event }: { event: Event }): ReactNode {
  return Object.entries(CHOICES).map(([name, { show }]) => <span key={name}>{show(event)}</span>)
}

export function EventFilters(): ReactNode {
  const t = useMessages()
  const { filter, isMineOnly } = useEvents()
  const chosenValues = new Map<string, string | undefined>(Object.entries(filter))
  // The first option of each field has an empty value and removes the field from the filter.
  const choose = (name: string, value: string) => filterEvents({ ...filter, [name]: value || undefined })
  return (
    <div className="filters">
      {Object.entries(FILTERS).map(([name, field]) => (
        <select
          key={name}
          aria-label={field.label(t)}
          value={chosenValues.get(name) ?? ''}
          onChange={({ target }) => choose(name, target.value)}
        >
          <option value="">{field.label(t)}</option>
          <ChoiceOptions field={field} />
        </select>
      ))}
      <button
        type="button"
        className="mine"
        aria-pressed={isMineOnly}
        title={t.mine_only_title}
        onClick={() => showMineOnly(!isMineOnly)}
      >
        {t.mine_only}
      </button>
    </div>
  )
}

/** Formats a label as the TLP standard writes it, in every language. */
export const formatTlp = (label: string): string => `TLP:${label.toUpperCase()}`

/**
 * Shows the label in the colours of the TLP standard, on black in both themes. The class name has `-` in place of `+`,
 * because `+` is a combinator in CSS.
 */
export const TlpLabel = ({ label }: { label: Event['tlp'] }): ReactNode => (
  <span className={`tlp ${label.replace('+', '-')}`} title={useMessages().tlp[label]}>
    {formatTlp(label)}
  </span>
)

function ChoiceOptions({ field }: { field: ChoiceField<string> }): ReactNode {
  return Object.entries(field.toValueNames(useMessages())).map(([value, valueName]) => (
    <option key={value} value={value}>
      {valueName}
    </option>
  ))
}
