import type { ConfiguredModel } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import type { AdminCatalog } from '../../i18n/admin/en.ts'
import { useAdminMessages } from '../../i18n/admin-messages.ts'
import { Attribute } from './attribute.tsx'
import type { ModelCalls } from './charts/chart-data.ts'
import { useFormats } from './format.ts'
import { ModelHealth } from './model-health.tsx'
import { ModelUsage } from './model-usage.tsx'

interface Props {
  model: ConfiguredModel
  days: readonly string[]
  calls: ModelCalls
}

export function ModelCard({ model, days, calls }: Props): ReactNode {
  const t = useAdminMessages()
  const { formatCount } = useFormats()
  const { id, provider, prices, context_window, max_tokens } = model
  const formatTokens = (value: number | null) => (value === null ? t.unknown : t.token_count(formatCount(value)))
  const isOfflineAnalyst = provider === 'offline'
  return (
    <li className="model-card">
      <h3>
        {id} {model.default && <span className="tag">{t.default_model}</span>}{' '}
        {model.inside && !isOfflineAnalyst && <span className="tag">{t.inside}</span>}
      </h3>
      {!isOfflineAnalyst && <FallbackChain fallbacks={model.fallbacks} />}
      {isOfflineAnalyst ? (
        <p className="quiet">{t.offline}</p>
      ) : (
        <dl className="attributes">
          <Attribute name={t.provider} value={provider} />
          <Attribute name={t.provider_model} value={model.model} />
          <Attribute name={t.context_window} value={formatTokens(context_window)} />
          <Attribute name={t.max_tokens} value={formatTokens(max_tokens)} />
          <Attribute name={t.prices} value={prices ? t.price(prices.prompt, prices.completion) : t.price_unknown} />
          <Attribute name={t.limits} value={formatLimits(model.limits, t, formatCount)} />
        </dl>
      )}
      {!isOfflineAnalyst && <ModelHealth health={model.health} />}
      <ModelUsage id={id} days={days} calls={calls} />
    </li>
  )
}

/** Formats the limits of a model's calls. A server of an older version sends no limits. */
function formatLimits(
  limits: ConfiguredModel['limits'] | undefined,
  t: AdminCatalog,
  formatCount: (count: number) => string,
): string {
  if (!limits) return t.not_limited
  const { max_concurrent, requests_per_minute, tokens_per_minute } = limits
  const parts = [
    max_concurrent !== null && t.limit_at_once(formatCount(max_concurrent)),
    requests_per_minute !== null && t.limit_requests(formatCount(requests_per_minute)),
    tokens_per_minute !== null && t.limit_tokens(formatCount(tokens_per_minute)),
  ]
  return parts.filter(Boolean).join(' · ')
}

/** Shows the models that are asked, one after the other, if this model fails. */
function FallbackChain({ fallbacks }: { fallbacks: readonly string[] }): ReactNode {
  const t = useAdminMessages()
  return (
    <p className="chain">
      <span className="quiet">{t.fallbacks_label}:</span>{' '}
      {fallbacks.length === 0
        ? t.no_fallback
        : fallbacks.map((id, index) => (
            <span key={id}>
              {index > 0 && <span aria-hidden="true"> → </span>}
              <b>{id}</b>
            </span>
          ))}
    </p>
  )
}
