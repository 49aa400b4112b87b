import type { ConfiguredModel } from '@engineer-chat/protocol'
import { type ReactNode, useEffect } from 'react'
import type { AdminCatalog } from '../../i18n/admin/en.ts'
import { useAdminMessages } from '../../i18n/admin-messages.ts'
import { loadConfiguredModels, useConfiguredModels } from '../../state/admin/models.ts'
import { reloadWhileVisible } from '../../state/admin/reload-while-visible.ts'
import { createEmptyCalls, listEveryDay, type ModelCalls, sumCalls } from './charts/chart-data.ts'
import { CountedAt } from './counted-at.tsx'
import { ErrorNote } from './error-note.tsx'
import { ModelCard } from './model-card.tsx'
import { ModelUsage } from './model-usage.tsx'

/** Shows each configured model, the rules that choose it, and its use. */
export function ModelsPage(): ReactNode {
  const t = useAdminMessages()
  const { models, analytics, errorKind } = useConfiguredModels()
  const reload = () => void loadConfiguredModels()
  useEffect(() => reloadWhileVisible(() => void loadConfiguredModels()), [])
  const days = analytics ? listEveryDay(analytics).map(({ day }) => day) : []
  const callsByModel = analytics ? sumCalls(analytics) : new Map<string, ModelCalls>()
  const removedModels = [...callsByModel].filter(([id]) => !models.some((model) => model.id === id))
  return (
    <div className="models" aria-busy={analytics === null && errorKind === null}>
      <p className="quiet what">{t.models_hint}</p>
      {analytics && <CountedAt analytics={analytics} />}
      <ErrorNote errorKind={errorKind} reload={reload} />
      {models.length > 0 && <RoutingRules models={models} />}
      <ul className="model-cards">
        {models.map((model) => (
          <ModelCard
            key={model.id}
            model={model}
            days={days}
            calls={callsByModel.get(model.id) ?? createEmptyCalls(days.length)}
          />
        ))}
      </ul>
      {removedModels.length > 0 && (
        <section>
          <h2>{t.removed_models}</h2>
          <ul className="model-cards">
            {removedModels.map(([id, calls]) => (
              <li key={id} className="model-card">
                <h3>{id}</h3>
                <ModelUsage id={id} days={days} calls={calls} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}

/** Shows the rules in the order of the models file, because the first rule that matches chooses the model. */
function RoutingRules({ models }: { models: readonly ConfiguredModel[] }): ReactNode {
  const t = useAdminMessages()
  const rules = models.flatMap((model) => model.choose_for.map((rule) => ({ id: model.id, rule })))
  return (
    <section className="routing">
      <h2>{t.rules_title}</h2>
      <p className="quiet">{t.rules_hint}</p>
      <ol>
        {rules.map(({ id, rule }, index) => (
          <li key={index}>
            <span>{describeRule(rule, t)}</span> <Arrow /> <b>{id}</b>
          </li>
        ))}
        <li>
          <span>{t.rule.otherwise}</span> <Arrow /> <b>{models.find((model) => model.default)?.id}</b>
        </li>
      </ol>
    </section>
  )
}

const Arrow = (): ReactNode => <span aria-hidden="true">→</span>

/** Describes a rule. All of its conditions must match, and a condition matches if one of its values does. */
function describeRule(rule: ConfiguredModel['choose_for'][number], t: AdminCatalog): string {
  const joinNames = (names: readonly string[]) => names.join(t.rule.or)
  const parts = [
    rule.severity && t.rule.severity(joinNames(rule.severity.map((severity) => t.severity[severity]))),
    rule.source && t.rule.source(joinNames(rule.source)),
    rule.words && t.rule.words(joinNames(rule.words)),
  ]
  return parts.filter((part) => part !== undefined).join(t.rule.and)
}
