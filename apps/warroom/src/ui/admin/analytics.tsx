import { type ReactNode, useEffect } from 'react'
import { useAdminMessages } from '../../i18n/admin-messages.ts'
import { chooseAnalyticsModel, loadAnalytics, RANGES_DAYS, useAnalytics } from '../../state/admin/analytics.ts'
import { reloadWhileVisible } from '../../state/admin/reload-while-visible.ts'
import { Icon } from '../parts/icon.tsx'
import { findStats } from './charts/chart-data.ts'
import { DailyCharts } from './charts/daily-charts.tsx'
import { FailureChart } from './charts/failure-chart.tsx'
import { HatchPattern } from './charts/plot-shapes.tsx'
import { CountedAt } from './counted-at.tsx'
import { ErrorNote } from './error-note.tsx'
import { ModelComparison } from './model-comparison.tsx'
import { StatTiles } from './tiles.tsx'

/** Is the value of the option for all models. The option of one model has an index as its value: a name may be null. */
const ALL_MODELS = 'all'

/** Shows statistics about the answers of one model, or of all models. */
export function AnalyticsPage(): ReactNode {
  const t = useAdminMessages()
  const { analytics, model, rangeDays, errorKind } = useAnalytics()
  const reload = () => void loadAnalytics(rangeDays)
  // The effect runs once, so it reads the range that is chosen at the time of each load.
  useEffect(() => reloadWhileVisible(() => void loadAnalytics(useAnalytics.getState().rangeDays)), [])
  const stats = analytics ? findStats(analytics, model) : undefined
  return (
    <div className="analytics" aria-busy={analytics === null && errorKind === null}>
      <HatchPattern />
      <AnalyticsFilters />
      <ErrorNote errorKind={errorKind} reload={reload} />
      {analytics && analytics.days.length === 0 && <p className="quiet">{t.not_counted}</p>}
      {analytics && stats && analytics.days.length > 0 && (
        <>
          <StatTiles stats={stats} sessions={model === undefined ? analytics.session_figures : undefined} />
          <div className="charts">
            <DailyCharts analytics={analytics} model={model} />
            <FailureChart errors={stats.errors} />
          </div>
          {model === undefined && <ModelComparison analytics={analytics} />}
          <CountedAt analytics={analytics} note={t.days_utc} />
        </>
      )}
      {analytics && analytics.days.length > 0 && !stats && <p className="quiet">{t.nothing_in_range}</p>}
    </div>
  )
}

function AnalyticsFilters(): ReactNode {
  const t = useAdminMessages()
  const { analytics, model, rangeDays } = useAnalytics()
  const modelNames = analytics?.models.map(({ model: name }) => name) ?? []
  return (
    <div className="choices">
      <fieldset className="segments" aria-label={t.range}>
        {RANGES_DAYS.map((days) => (
          <button key={days} type="button" aria-pressed={days === rangeDays} onClick={() => void loadAnalytics(days)}>
            {t.last_days(days)}
          </button>
        ))}
      </fieldset>
      <select
        aria-label={t.model_label}
        value={model === undefined ? ALL_MODELS : `${modelNames.indexOf(model)}`}
        onChange={({ target }) =>
          chooseAnalyticsModel(target.value === ALL_MODELS ? undefined : modelNames[Number(target.value)])
        }
      >
        <option value={ALL_MODELS}>{t.all_models}</option>
        {modelNames.map((name, index) => (
          <option key={name} value={index}>
            {name ?? t.no_model}
          </option>
        ))}
      </select>
      <button type="button" className="plain" onClick={() => void loadAnalytics(rangeDays)}>
        <Icon name="retry" /> {t.refresh}
      </button>
    </div>
  )
}
