import { markDeceptive } from '@engineer-chat/markdown'
import type { AgentField } from '@engineer-chat/protocol'
import { type CSSProperties, type ReactNode, useMemo } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { toFieldRows } from '../../text/files/field-rows.ts'
import { MessageText } from '../parts/message-text.tsx'

const INDENT_PX = 14

/**
 * Shows the names and values of an agent's fields. The values have a font in which similar characters differ clearly.
 */
export function Fields({ fields }: { fields: AgentField[] }): ReactNode {
  const t = useMessages()
  const { rows, isCut } = useMemo(() => toFieldRows(fields), [fields])
  return (
    <>
      <dl className="fields">
        {rows.map(({ name, depth, value, path }, index) => (
          <div key={index} style={toIndentStyle(depth)}>
            <dt>{markDeceptive(name)}</dt>
            <dd>{value !== undefined && <MessageText text={value} place={{ path }} />}</dd>
          </div>
        ))}
      </dl>
      {isCut && <p className="quiet">{t.more_fields}</p>}
    </>
  )
}

const toIndentStyle = (depth: number): CSSProperties | undefined =>
  depth === 0 ? undefined : { paddingLeft: depth * INDENT_PX }
