import { AI_COMMANDS, type User } from '@engineer-chat/protocol'
import type { Catalog } from '../../i18n/en.ts'
import { getChat } from '../../state/asking/chat.ts'
import { prependToDraft } from '../../state/asking/drafts.ts'
import { change, useSettings } from '../../state/page/settings.ts'
import { openDialog, show } from '../../state/page/view.ts'
import { stopReply } from '../../state/replying/replies.ts'
import { getRoom } from '../../state/rooms/rooms.ts'
import type { PageCommand } from '../../text/commands.ts'
import { openSearch } from '../page/search-focus.ts'
import { focusMessageBox } from '../parts/focus.ts'

export interface Where {
  user: User
  event_id: string
}

interface Command {
  name: PageCommand
  does(t: Catalog): string
  run(where: Where): void
}

/** A command as the menu of the message box, the palette and the help list it, in one language. */
export interface ListedCommand {
  key: string
  /** Holds the text that is typed behind `/`. */
  word: string
  /** Every word that is understood, in any language. */
  words: readonly string[]
  does: string
  isForAi: boolean
  run(where: Where): void
}

const COMMANDS: readonly Command[] = [
  { name: 'new', does: (t) => t.command.new, run: ({ event_id }) => openDialog({ kind: 'new_session', event_id }) },
  { name: 'share', does: (t) => t.command.share, run: shareActive },
  { name: 'stop', does: (t) => t.command.stop, run: stopNewest },
  { name: 'search', does: (t) => t.command.search, run: openSearch },
  { name: 'details', does: (t) => t.command.details, run: () => show({ details: true }) },
  {
    name: 'evidence',
    does: (t) => t.command.evidence,
    run: () => show({ details: true, tab: 'evidence' }),
  },
  {
    name: 'export',
    does: (t) => t.command.export,
    run: ({ event_id }) => openDialog({ kind: 'export', event_id }),
  },
  { name: 'utc', does: (t) => t.command.utc, run: () => change({ clock: 'utc' }) },
  { name: 'local', does: (t) => t.command.local, run: () => change({ clock: 'local' }) },
  { name: 'theme', does: (t) => t.command.theme, run: switchTheme },
  { name: 'language', does: (t) => t.command.language, run: switchLanguage },
  { name: 'help', does: (t) => t.command.help, run: () => openDialog({ kind: 'help' }) },
]

/** Lists the commands of the AI, then those of the page. */
export const listCommands = (t: Catalog): ListedCommand[] => [
  ...AI_COMMANDS.map((command): ListedCommand => {
    const word = t.ai_command_word(command)
    return {
      ...{ key: `ai/${command.name}`, word, words: [command.name, command.chineseName] },
      ...{ does: t.ai_command[command.name], isForAi: true },
      run: ({ user, event_id }) => {
        prependToDraft(user.user_id, event_id, `/${word} `)
        requestAnimationFrame(focusMessageBox) // The palette gives the focus back first.
      },
    }
  }),
  ...COMMANDS.map(
    ({ name, does, run }): ListedCommand => ({
      ...{ key: name, word: name, words: [name], does: does(t), isForAi: false },
      run,
    }),
  ),
]

export function runCommand(name: PageCommand, where: Where): void {
  COMMANDS.find((command) => command.name === name)?.run(where)
}

function shareActive({ event_id }: Where): void {
  const { session } = getChat(event_id)
  if (session?.visibility === 'private') openDialog({ kind: 'share', event_id, session_id: session.session_id })
}

function stopNewest({ event_id, user }: Where): void {
  const newest = getRoom(event_id).state.messages.findLast(
    (message) => message.message_type === 'thinking' && message.user_id === user.user_id,
  )
  if (newest) void stopReply(newest).catch(() => {})
}

function switchTheme(): void {
  change({ theme: useSettings.getState().theme === 'dark' ? 'light' : 'dark' })
}

function switchLanguage(): void {
  change({ language: useSettings.getState().language === 'zh' ? 'en' : 'zh' })
}
