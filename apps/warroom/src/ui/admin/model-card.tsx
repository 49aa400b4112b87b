import type { ConfiguredModel } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useAdminMessages } from '../../i18n/admin-messages.ts'
import type { CallsUsed } from './chart-data.ts'
import { Fact } from './fact.tsx'
import { useFormats } from './format.ts'
import { ModelUsage } from './model-usage.tsx'

interface Props {
  model: ConfiguredModel
  days: readonly string[]
  used: CallsUsed
}

export function ModelCard({ model, days, used }: Props): ReactNode {
  const say = useAdminMessages()
  const { count } = useFormats()
  const { id, provider, prices, context_window, max_tokens } = model
  const tokens = (value: number | null) => (value === null ? say.unknown : say.tokens_n(count(value)))
  const isOffline = provider === 'offline'
  return (
    <li className="model-card">
      <h3>
        {id} {model.default && <span className="tag">{say.default_model}</span>}
      </h3>
      {!isOffline && <Chain fallbacks={model.fallbacks} />}
      {isOffline ? (
        <p className="quiet">{say.offline}</p>
      ) : (
        <dl className="attributes">
          <Fact name={say.provider} value={provider} />
          <Fact name={say.provider_model} value={model.model} />
          <Fact name={say.context_window} value={tokens(context_window)} />
          <Fact name={say.max_tokens} value={tokens(max_tokens)} />
          <Fact name={say.prices} value={prices ? say.price(prices.prompt, prices.completion) : say.price_unknown} />
        </dl>
      )}
      <ModelUsage id={id} days={days} used={used} />
    </li>
  )
}

/** Who is asked when it fails, one after the other. */
function Chain({ fallbacks }: { fallbacks: readonly string[] }): ReactNode {
  const say = useAdminMessages()
  return (
    <p className="chain">
      <span className="quiet">{say.chain}:</span>{' '}
      {fallbacks.length === 0
        ? say.chain_ends
        : fallbacks.map((id, index) => (
            <span key={id}>
              {index > 0 && <span aria-hidden="true"> → </span>}
              <b>{id}</b>
            </span>
          ))}
    </p>
  )
}
