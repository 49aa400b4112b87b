import { listAudiences } from '../people/index.ts'
import type { ReplyContext } from '../shared/index.ts'
import { parseCommand } from './command.ts'
import type { SourceStore } from './source-store.ts'

/** A command's answer rests on more than a question's: what people wrote and what changed, as far as the asker may read it. */
export async function addCommandSources(
  materials: SourceStore,
  context: ReplyContext,
  user_id: string,
): Promise<ReplyContext> {
  const asked = parseCommand(context.question)
  if (!asked) return context
  const material = await materials.getCommandSources({
    event_id: context.event.event_id,
    user_id,
    audiences: listAudiences({ user_id, role: 'engineer' }), // agents can't ask
    unread: asked.command === 'catchup',
  })
  return { ...context, commandSources: material }
}
