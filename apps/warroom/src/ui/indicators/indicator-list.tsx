import { IndicatorType, type RoomIndicator } from '@engineer-chat/protocol'
import { type ReactNode, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { type IndicatorFilter, loadAllIndicators } from '../../state/indicators/indicators.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { saveFile } from '../../state/page/save-file.ts'
import { showToast } from '../../state/page/toasts.ts'
import { openDialog } from '../../state/page/view.ts'
import { toIndicatorsCsv } from '../../text/files/indicators-csv.ts'
import { toShownValue } from '../../text/indicator-value.ts'
import { copyText } from '../parts/copy-text.ts'
import { ErrorText } from '../parts/error-text.tsx'
import { Icon } from '../parts/icon.tsx'
import { Time } from '../parts/time.tsx'
import { SimilarEvents } from './similar-events.tsx'
import { useIndicators } from './use-indicators.ts'

/** The server refuses a longer search text. */
const MAX_SEARCH_CHARACTERS = 200

/** Lists the indicators of the room, the newest first. They can be filtered, copied and saved as a file. */
export default function IndicatorList({ event_id }: { event_id: string }): ReactNode {
  const t = useMessages()
  const [text, setText] = useState('')
  const [type, setType] = useState<IndicatorType | undefined>()
  const searchText = text.trim()
  const filter: IndicatorFilter = {
    ...(type !== undefined && { type }),
    ...(searchText !== '' && { q: searchText }),
  }
  const { items, nextCursor, errorKind, loadMore } = useIndicators(event_id, filter)
  const isFiltered = type !== undefined || searchText !== ''
  return (
    <>
      <SimilarEvents event_id={event_id} />
      <div className="indicators">
        <IndicatorFilters text={text} setText={setText} type={type} setType={setType} />
        <IndicatorActions event_id={event_id} filter={filter} isEmpty={items === null || items.length === 0} />
        {errorKind && <ErrorText text={t.errorText[errorKind].cause} />}
        {!items && !errorKind && <p className="quiet">{t.loading}</p>}
        {items?.length === 0 && <p className="quiet">{isFiltered ? t.no_such_indicators : t.no_indicators}</p>}
        <ul aria-label={t.tab.indicators}>
          {items?.map((indicator) => (
            <IndicatorItem key={`${indicator.type} ${indicator.value}`} event_id={event_id} indicator={indicator} />
          ))}
        </ul>
        {nextCursor !== null && (
          <button type="button" className="plain" onClick={loadMore}>
            {t.load_older}
          </button>
        )}
      </div>
    </>
  )
}

interface IndicatorFiltersProps {
  text: string
  setText(text: string): void
  type: IndicatorType | undefined
  setType(type: IndicatorType | undefined): void
}

function IndicatorFilters({ text, setText, type, setType }: IndicatorFiltersProps): ReactNode {
  const t = useMessages()
  return (
    <div className="indicator-filters">
      <label className="filter">
        <Icon name="search" />
        <input
          type="search"
          maxLength={MAX_SEARCH_CHARACTERS}
          aria-label={t.filter_indicators}
          placeholder={t.filter_indicators}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      </label>
      <select
        aria-label={t.indicator_type_label}
        value={type ?? ''}
        onChange={({ target }) => setType(IndicatorType.enum.find((name) => name === target.value))}
      >
        <option value="">{t.all_indicator_types}</option>
        {IndicatorType.enum.map((name) => (
          <option key={name} value={name}>
            {t.indicator_type[name]}
          </option>
        ))}
      </select>
    </div>
  )
}

/** Copies or saves all indicators that match the filter, including those that are not loaded yet. */
function IndicatorActions(props: { event_id: string; filter: IndicatorFilter; isEmpty: boolean }): ReactNode {
  const { event_id, filter, isEmpty } = props
  const t = useMessages()
  const loadAllThen = (action: (indicators: RoomIndicator[]) => void) =>
    loadAllIndicators(event_id, filter).then(action, (error: unknown) =>
      showToast(t.errorText[toErrorKind(error)].cause, 'bad'),
    )
  const copy = (indicators: RoomIndicator[]) => {
    const lines = indicators.map(({ type, value }) => toShownValue(type, value))
    void copyText(lines.join('\n'), t.indicators_copied(indicators.length))
  }
  return (
    <p className="indicator-buttons">
      <button type="button" disabled={isEmpty} onClick={() => void loadAllThen(copy)}>
        <Icon name="copy" /> {t.copy_defanged}
      </button>
      <button
        type="button"
        disabled={isEmpty}
        onClick={() => void loadAllThen((indicators) => saveAsCsv(event_id, indicators))}
      >
        <Icon name="download" /> CSV
      </button>
    </p>
  )
}

const saveAsCsv = (event_id: string, indicators: RoomIndicator[]): void =>
  saveFile(new Blob([toIndicatorsCsv(indicators)], { type: 'text/csv' }), `${event_id}-indicators.csv`)

function IndicatorItem({ event_id, indicator }: { event_id: string; indicator: RoomIndicator }): ReactNode {
  const t = useMessages()
  const { type, value, count, first_at, last_at, events } = indicator
  return (
    <li>
      <button
        type="button"
        className="plain"
        title={t.indicator_title}
        onClick={() => openDialog({ kind: 'indicator', value, type, event_id })}
      >
        {toShownValue(type, value)}
      </button>
      <span className="meta">
        <span className="type">{t.indicator_type[type]}</span>
        <span>{t.indicator_places(count)}</span>
        {events > 1 && <span className="elsewhere">{t.indicator_elsewhere(events - 1)}</span>}
        <span>
          <Time at={first_at} showsDay />
          {last_at !== first_at && (
            <>
              {' – '}
              <Time at={last_at} showsDay />
            </>
          )}
        </span>
      </span>
    </li>
  )
}
