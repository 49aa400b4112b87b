import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { useAskRefusal } from '../starters/ask.ts'
import { type CommandContext, listCommands } from './commands.ts'

/** These are asked again and again during an incident. The others stand in the menu, the palette and the help. */
const OFFERED_KEYS: ReadonlySet<string> = new Set(['ai/summary', 'ai/catchup', 'ai/handover'])

/** Offers commands of the AI below an empty box. A press writes one into it, so that words can follow. */
export function CommandButtons(context: CommandContext): ReactNode {
  const t = useMessages()
  if (useAskRefusal(context) !== undefined) return null
  return (
    <span className="command-buttons wide-only">
      {listCommands(t)
        .filter(({ key }) => OFFERED_KEYS.has(key))
        .map(({ key, word, description, run }) => (
          <button key={key} type="button" className="plain" title={description} onClick={() => run(context)}>
            /{word}
          </button>
        ))}
    </span>
  )
}

/** Opens the menu of commands where there is no room for the buttons, and where `/` is far away on the keyboard. */
export function CommandMenuButton({ open }: { open(): void }): ReactNode {
  const t = useMessages()
  return (
    <button type="button" className="plain icon-only commands narrow-only" aria-label={t.commands} onClick={open}>
      /
    </button>
  )
}
