import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { useAskRefusal } from '../starters/ask-by-button.ts'
import { type CommandContext, listCommands } from './commands.ts'

/** Lists the commands that are used often during an incident. The menu, the palette and the help list all commands. */
const OFFERED_COMMAND_KEYS: ReadonlySet<string> = new Set(['ai/summary', 'ai/catchup', 'ai/handover'])

/**
 * Offers commands of the AI below an empty message box. A click writes the command into it, where text can be added.
 */
export function CommandButtons(context: CommandContext): ReactNode {
  const t = useMessages()
  if (useAskRefusal(context) !== undefined) return null
  return (
    <span className="command-buttons wide-only">
      {listCommands(t)
        .filter(({ key }) => OFFERED_COMMAND_KEYS.has(key))
        .map(({ key, word, description, run }) => (
          <button key={key} type="button" className="plain" title={description} onClick={() => run(context)}>
            /{word}
          </button>
        ))}
    </span>
  )
}

/** Opens the menu of commands on narrow screens, where the buttons do not fit and a phone's keyboard hides `/`. */
export function CommandMenuButton({ open }: { open(): void }): ReactNode {
  const t = useMessages()
  return (
    <button type="button" className="plain icon-only commands narrow-only" aria-label={t.commands} onClick={open}>
      /
    </button>
  )
}
