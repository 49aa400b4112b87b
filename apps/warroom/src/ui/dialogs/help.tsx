import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { listCommands } from '../composer/commands.ts'

export function HelpDialog(): ReactNode {
  const t = useMessages()
  return (
    <div className="content">
      <dl className="keys">
        {Object.entries(t.keys).map(([key, description]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{description}</dd>
          </div>
        ))}
        {listCommands(t).map(({ key, word, description }) => (
          <div key={key}>
            <dt>
              <kbd>/{word}</kbd>
            </dt>
            <dd>{description}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
