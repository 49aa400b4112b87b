import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { COMMANDS } from '../composer/commands.ts'

export function Help(): ReactNode {
  const t = useMessages()
  return (
    <div className="content">
      <dl className="keys">
        {Object.entries(t.keys).map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
        {COMMANDS.map(({ name, does }) => (
          <div key={name}>
            <dt>
              <kbd>/{name}</kbd>
            </dt>
            <dd>{does(t)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
