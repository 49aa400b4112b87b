import type { ExportQuery, Message } from '@engineer-chat/protocol'
import type { EventStore } from '../../events/index.ts'
import { audiencesOf, type Rights, rightsIn, type UserStore } from '../../people/index.ts'
import { type Audience, type Caller, ChatError } from '../../shared/index.ts'
import type { PinStore } from '../pin-store.ts'
import type { Timeline } from '../timeline.ts'
import { chunks, type ExportHead } from './export-chunks.ts'
import { jsonFormat } from './json-format.ts'
import { markdownFormat } from './markdown-format.ts'

interface ExportContext {
  rights: Rights
  events: EventStore
  timeline: Timeline
  pins: PinStore
  users: UserStore
  now(): Date
  /** Puts the document's hash on record. */
  sealed(sha256: string): Promise<void>
}

const AT_ONCE = 500

/**
 * The room as the caller may read it, as a document in pieces: up to the number that the room had got to, a page of rows in
 * memory at a time, and not on when the caller has lost the right. @throws ChatError event_not_found
 */
export async function exportRoom(
  ctx: ExportContext,
  caller: Caller,
  { event_id, format, language = 'en', ...query }: ExportQuery & { event_id: string },
): Promise<AsyncGenerator<string>> {
  await rightsIn(ctx, caller, event_id)
  const event = await ctx.events.get(event_id)
  if (!event) throw new ChatError('event_not_found')
  const with_private = query.private === 'include' && caller.role !== 'agent'
  const audiences = audiencesOf(caller).filter((audience) => with_private || audience !== caller.user_id)
  const head: ExportHead = {
    event,
    summary: (await ctx.events.latestSummary(event_id)) ?? null,
    pins: await allPins(ctx, event_id, audiences),
    exported_at: ctx.now().toISOString(),
    exported_by: caller.user_id,
    seq: event.seq,
    with_private,
  }
  const names = new Names(ctx.users, caller)
  await names.learn([head.exported_by, ...head.pins.flatMap(idsIn)])
  const document = format === 'json' ? jsonFormat() : markdownFormat(language, (user_id) => names.of(user_id))
  return chunks(document, head, pagesOf(ctx, caller, { event_id, audiences, upTo: event.seq }, names), ctx.sealed)
}

async function* pagesOf(
  ctx: ExportContext,
  caller: Caller,
  { event_id, audiences, upTo }: { event_id: string; audiences: Audience[]; upTo: number },
  names: Names,
): AsyncGenerator<Message[]> {
  for (let after = 0, more = true; more; ) {
    await rightsIn(ctx, caller, event_id)
    const { rows, has_more } = await ctx.timeline.page(event_id, audiences, { after, limit: AT_ONCE })
    const messages = rows.map(({ message }) => message).filter(({ position }) => position <= upTo)
    await names.learn(messages.flatMap(idsIn))
    yield messages
    after = rows.at(-1)?.message.position ?? after
    more = has_more && after < upTo
  }
}

async function allPins(ctx: ExportContext, event_id: string, audiences: Audience[]): Promise<Message[]> {
  const pins: Message[] = []
  for (let more = true; more; ) {
    const page = await ctx.pins.pins(event_id, audiences, { after: pins.at(-1)?.position ?? 0, limit: AT_ONCE })
    pins.push(...page.rows.map(({ message }) => message))
    more = page.has_more
  }
  return pins
}

const idsIn = ({ user_id, pinned }: Message): string[] => [user_id, pinned?.user_id].flatMap((id) => id ?? [])

/** Each person is looked up once. Agents don't learn people's names, as they don't anywhere. */
class Names {
  readonly #users: UserStore
  readonly #caller: Caller
  readonly #known = new Map<string, string>()

  constructor(users: UserStore, caller: Caller) {
    this.#users = users
    this.#caller = caller
  }

  async learn(ids: string[]): Promise<void> {
    if (this.#caller.role === 'agent') return
    for (const id of new Set(ids)) {
      if (!this.#known.has(id)) this.#known.set(id, (await this.#users.get(id))?.username ?? id)
    }
  }

  of(user_id: string): string {
    return this.#known.get(user_id) ?? user_id
  }
}
