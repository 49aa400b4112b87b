import type { ConfiguredModel } from '@engineer-chat/protocol'
import { type ReactNode, useEffect } from 'react'
import type { AdminCatalog } from '../../i18n/admin/en.ts'
import { useAdminWords } from '../../i18n/admin-messages.ts'
import { loadConfigured, useConfigured } from '../../state/admin/models.ts'
import { callsOf, everyDay, noCalls } from './chart-data.ts'
import { TroubleNote } from './error-note.tsx'
import { ModelCard } from './model-card.tsx'
import { UsedFigures } from './model-usage.tsx'

/** What is configured, who is chosen when, and what it was used for. */
export function ModelsPage(): ReactNode {
  const say = useAdminWords()
  const { models, used, trouble } = useConfigured()
  const again = () => void loadConfigured()
  useEffect(again, [])
  const days = used ? everyDay(used).map(({ day }) => day) : []
  const calls = used ? callsOf(used) : new Map<string, never>()
  const others = [...calls].filter(([id]) => !models.some((model) => model.id === id))
  return (
    <div className="models" aria-busy={used === null && trouble === null}>
      <p className="quiet what">{say.models_what}</p>
      <TroubleNote trouble={trouble} again={again} />
      {models.length > 0 && <Routing models={models} />}
      <ul className="model-cards">
        {models.map((model) => (
          <ModelCard key={model.id} model={model} days={days} used={calls.get(model.id) ?? noCalls(days.length)} />
        ))}
      </ul>
      {others.length > 0 && (
        <section>
          <h2>{say.other_calls}</h2>
          <ul className="model-cards">
            {others.map(([id, sums]) => (
              <li key={id} className="model-card">
                <h3>{id}</h3>
                <UsedFigures id={id} days={days} used={sums} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}

/** The file's rules in their order: the first that holds decides. */
function Routing({ models }: { models: readonly ConfiguredModel[] }): ReactNode {
  const say = useAdminWords()
  const rules = models.flatMap((model) => model.choose_for.map((rule) => ({ id: model.id, rule })))
  return (
    <section className="routing">
      <h2>{say.who_answers}</h2>
      <p className="quiet">{say.who_answers_how}</p>
      <ol>
        {rules.map(({ id, rule }, index) => (
          <li key={index}>
            <span>{ruleIn(rule, say)}</span> <Arrow /> <b>{id}</b>
          </li>
        ))}
        <li>
          <span>{say.rule.otherwise}</span> <Arrow /> <b>{models.find((model) => model.default)?.id}</b>
        </li>
      </ol>
    </section>
  )
}

const Arrow = (): ReactNode => <span aria-hidden="true">→</span>

/** All that a rule names has to hold; of each, any one. */
function ruleIn(rule: ConfiguredModel['choose_for'][number], say: AdminCatalog): string {
  const any = (names: readonly string[]) => names.join(say.rule.or)
  const parts = [
    rule.severity && say.rule.severity(any(rule.severity.map((one) => say.severity[one]))),
    rule.source && say.rule.source(any(rule.source)),
    rule.words && say.rule.words(any(rule.words)),
  ]
  return parts.filter((part) => part !== undefined).join(say.rule.and)
}
