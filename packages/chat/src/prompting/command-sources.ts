import { listAudiences } from '../people/index.ts'
import type { ReplyContext } from '../shared/index.ts'
import { parseCommand } from './command.ts'
import type { SourceStore } from './source-store.ts'

/** Adds what a command's answer needs besides its question: messages and changes that the asker may read. */
export async function addCommandSources(
  sources: SourceStore,
  context: ReplyContext,
  user_id: string,
): Promise<ReplyContext> {
  const command = parseCommand(context.question)
  if (!command) return context
  const commandSources = await sources.getCommandSources({
    event_id: context.event.event_id,
    user_id,
    audiences: listAudiences({ user_id, role: 'engineer' }), // Agents cannot ask.
    unread: command.command === 'catchup',
  })
  return { ...context, commandSources }
}
