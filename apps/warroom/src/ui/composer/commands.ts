import { AI_COMMANDS, type User } from '@engineer-chat/protocol'
import type { Catalog } from '../../i18n/en.ts'
import { switchLanguage } from '../../i18n/index.ts'
import { findActiveSession, getChat } from '../../state/asking/chat.ts'
import { prependToDraft } from '../../state/asking/drafts.ts'
import { navigate, toDocumentHash } from '../../state/page/route.ts'
import { updateSettings, useSettings } from '../../state/page/settings.ts'
import { openDialog, updateView } from '../../state/page/view.ts'
import { stopReply } from '../../state/replying/replies.ts'
import { getRoom } from '../../state/rooms/rooms.ts'
import type { PageCommand } from '../../text/commands.ts'
import { openSearch } from '../page/search-focus.ts'
import { focusMessageBox } from '../parts/focus.ts'

export interface CommandContext {
  user: User
  event_id: string
}

/** Defines a command that acts in the page. */
interface PageCommandDefinition {
  name: PageCommand
  describe(t: Catalog): string
  run(context: CommandContext): void
}

/** Describes a command in one language, for the message box's menu, the palette and the help. */
export interface ListedCommand {
  key: string
  /** Holds the word that the reader types after `/`. */
  word: string
  /** Lists the command's word in every language. */
  words: readonly string[]
  description: string
  isForAi: boolean
  run(context: CommandContext): void
}

const PAGE_COMMAND_DEFINITIONS: readonly PageCommandDefinition[] = [
  { name: 'new', describe: (t) => t.command.new, run: ({ event_id }) => openDialog({ kind: 'new_session', event_id }) },
  { name: 'share', describe: (t) => t.command.share, run: shareActiveSession },
  { name: 'stop', describe: (t) => t.command.stop, run: stopNewestReply },
  { name: 'search', describe: (t) => t.command.search, run: openSearch },
  { name: 'details', describe: (t) => t.command.details, run: () => updateView({ isDetailsOpen: true }) },
  {
    name: 'evidence',
    describe: (t) => t.command.evidence,
    run: () => updateView({ isDetailsOpen: true, tab: 'evidence' }),
  },
  {
    name: 'documents',
    describe: (t) => t.command.documents,
    run: () => navigate(toDocumentHash('')),
  },
  {
    name: 'export',
    describe: (t) => t.command.export,
    run: ({ event_id }) => openDialog({ kind: 'export', event_id }),
  },
  { name: 'utc', describe: (t) => t.command.utc, run: () => updateSettings({ clock: 'utc' }) },
  { name: 'local', describe: (t) => t.command.local, run: () => updateSettings({ clock: 'local' }) },
  { name: 'theme', describe: (t) => t.command.theme, run: switchTheme },
  { name: 'language', describe: (t) => t.command.language, run: switchLanguage },
  { name: 'help', describe: (t) => t.command.help, run: () => openDialog({ kind: 'help' }) },
]

/** Lists the commands of the AI, then those of the page. */
export const listCommands = (t: Catalog): ListedCommand[] => [
  ...AI_COMMANDS.map((command): ListedCommand => {
    const word = t.ai_command_word(command)
    return {
      key: `ai/${command.name}`,
      word,
      words: [command.name, command.chineseName],
      description: t.ai_command[command.name],
      isForAi: true,
      run: ({ user, event_id }) => {
        prependToDraft(user.user_id, event_id, `/${word} `)
        requestAnimationFrame(focusMessageBox) // Before that, the palette returns the focus to its opener.
      },
    }
  }),
  ...PAGE_COMMAND_DEFINITIONS.map(
    ({ name, describe, run }): ListedCommand => ({
      key: name,
      word: name,
      words: [name],
      description: describe(t),
      isForAi: false,
      run,
    }),
  ),
]

export function runPageCommand(name: PageCommand, context: CommandContext): void {
  PAGE_COMMAND_DEFINITIONS.find((command) => command.name === name)?.run(context)
}

function shareActiveSession({ event_id }: CommandContext): void {
  const session = findActiveSession(getChat(event_id), 'private')
  if (session) openDialog({ kind: 'share', event_id, session_id: session.session_id })
}

/** Stops the newest unfinished reply to the user. Does nothing if there is none. */
function stopNewestReply({ event_id, user }: CommandContext): void {
  const newestReply = getRoom(event_id).state.messages.findLast(
    (message) => message.message_type === 'thinking' && message.user_id === user.user_id,
  )
  if (newestReply) void stopReply(newestReply).catch(() => {})
}

function switchTheme(): void {
  updateSettings({ theme: useSettings.getState().theme === 'dark' ? 'light' : 'dark' })
}
