import { audiencesOf } from '../people/index.ts'
import type { ReplyContext } from '../shared/index.ts'
import { commandOf } from './command.ts'
import type { Materials } from './source-store.ts'

/** A command's answer rests on more than a question's: what people wrote and what changed, as far as the asker may read it. */
export async function withMaterial(
  materials: Materials,
  context: ReplyContext,
  user_id: string,
): Promise<ReplyContext> {
  const asked = commandOf(context.question)
  if (!asked) return context
  const material = await materials.material({
    event_id: context.event.event_id,
    user_id,
    audiences: audiencesOf({ user_id, role: 'engineer' }), // agents can't ask
    unread: asked.command === 'catchup',
  })
  return { ...context, material }
}
