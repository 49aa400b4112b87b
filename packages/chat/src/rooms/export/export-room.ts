import { type ExportQuery, type Message, readQuote, type Tlp } from '@engineer-chat/protocol'
import type { DocumentStore } from '../../documents/index.ts'
import type { EventStore } from '../../events/index.ts'
import { listAudiences, type RightsLookup, requireRights, type UserStore } from '../../people/index.ts'
import { isStricterTlp, type LabelStore } from '../../prompting/index.ts'
import {
  type AuditContext,
  type AuditLog,
  ChatError,
  describeAct,
  listInputEvent,
  type Principal,
  type StoredMessage,
  type VerbReport,
} from '../../shared/index.ts'
import type { PinStore } from '../pin-store.ts'
import type { Timeline } from '../timeline.ts'
import { type ExportHeader, type LoadedMessage, writeChunks } from './export-chunks.ts'
import { listExportedDocuments, readExportedDocuments } from './export-documents.ts'
import { addLabels, type ExportRange, findFileTlp } from './export-labels.ts'
import { createJsonFormat } from './json-format.ts'
import { createMarkdownFormat } from './markdown-format.ts'

interface ExportContext {
  rights: RightsLookup
  events: EventStore
  timeline: Timeline
  pins: PinStore
  labels: LabelStore
  documents: DocumentStore
  users: UserStore
  audit: AuditLog
  now(): Date
}

type ExportInput = ExportQuery & { event_id: string }

const PAGE_ROWS = 500

/**
 * Exports the messages that the room has now, and the present versions of the event's documents, as far as the caller
 * may read them. A text whose label becomes stricter than the file's meanwhile is left out. The returned generator
 * reads one page of messages or one document at a time. It throws when the caller loses the right to read. The audit
 * gets two entries: that of `exportRoom.report` at the beginning, and one with the file's hash. The second one is
 * written before the file's last line is yielded.
 * @throws ChatError event_not_found
 */
export async function exportRoom(
  ctx: ExportContext,
  caller: Principal,
  { event_id, format, language = 'en', ...query }: ExportInput,
  auditContext: AuditContext,
): Promise<AsyncGenerator<string>> {
  await requireRights(ctx, caller, event_id)
  const event = await ctx.events.find(event_id)
  if (!event) throw new ChatError('event_not_found')
  const with_private = includesPrivateChats(caller, query)
  const audiences = listAudiences(caller).filter((audience) => with_private || audience !== caller.user_id)
  const range: ExportRange = { event_id, audiences, lastSeq: event.seq }
  // The list is null for an agent, which may read no documents.
  const documentList = await listExportedDocuments(ctx, caller, event_id)
  const listedDocuments = documentList ?? []
  const pins = await listAllPins(ctx, range)
  const header: ExportHeader = {
    event,
    tlp: await findFileTlp(ctx, range, [event, ...listedDocuments, ...(await addLabels(ctx, pins))]),
    summary: (await ctx.events.findCurrentSummary(event_id)) ?? null,
    pins,
    exported_at: ctx.now().toISOString(),
    exported_by: caller.user_id,
    seq: event.seq,
    with_private,
  }
  // The JSON format writes ids. An agent never learns people's names.
  const names = new NameCache(format === 'json' || caller.role === 'agent' ? null : ctx.users)
  const documentAuthors = listedDocuments.flatMap(({ updated_by }) => updated_by ?? [])
  await names.load([header.exported_by, ...header.pins.flatMap(listUserIds), ...documentAuthors])
  const fileFormat =
    format === 'json' ? createJsonFormat() : createMarkdownFormat(language, (user_id) => names.get(user_id))
  const messagePages = readMessagePages(ctx, caller, { ...range, fileTlp: header.tlp }, names)
  const documents = readExportedDocuments(ctx, caller, { event_id, listedDocuments, fileTlp: header.tlp })
  return writeChunks(fileFormat, { header, documentList, messagePages, documents }, async (hash) => {
    const act = describeAct('export', { object_type: 'event', event_id, detail: `${format} sha256=${hash}` })
    await ctx.audit.write([{ ...act, ...auditContext, actor: caller.user_id }])
  })
}

exportRoom.report = {
  listShownEvents: listInputEvent,
  audit({ caller, input }) {
    const { event_id, format } = input
    const detail = includesPrivateChats(caller, input) ? `${format} private` : format
    return [describeAct('export', { object_type: 'event', event_id, detail })]
  },
  log: ({ caller: { user_id }, input: { event_id } }) => ({
    event: 'EngineerChat.room_exported',
    fields: { user_id, event_id },
  }),
} satisfies VerbReport<ExportInput, AsyncGenerator<string>>

/** Returns true if the export contains the caller's private chats. An agent has none. */
const includesPrivateChats = (caller: Principal, query: Pick<ExportQuery, 'private'>): boolean =>
  query.private === 'include' && caller.role !== 'agent'

/**
 * Leaves out messages that are newer than the range. The position of a message is its first sequence number, so theirs
 * are higher than `lastSeq`.
 */
const toMessagesInRange = (rows: StoredMessage[], { lastSeq }: ExportRange): Message[] =>
  rows.map(({ message }) => message).filter(({ position }) => position <= lastSeq)

/** Reads the messages page by page. It yields no text of a message whose label is now stricter than the file's. */
async function* readMessagePages(
  ctx: ExportContext,
  caller: Principal,
  range: ExportRange & { fileTlp: Tlp },
  names: NameCache,
): AsyncGenerator<LoadedMessage[]> {
  const { event_id, audiences, lastSeq, fileTlp } = range
  for (let after = 0, hasMore = true; hasMore; ) {
    await requireRights(ctx, caller, event_id)
    const { rows, has_more } = await ctx.timeline.readPage(event_id, audiences, { after, limit: PAGE_ROWS })
    const messages = toMessagesInRange(rows, range)
    await names.load(messages.flatMap(listUserIds))
    const labelled = await addLabels(ctx, messages)
    yield labelled.map(({ message, tlp }) =>
      tlp && isStricterTlp(tlp, fileTlp) ? { leftOutMessage: message } : { message, tlp },
    )
    after = rows.at(-1)?.message.position ?? after
    hasMore = has_more && after < lastSeq
  }
}

async function listAllPins(ctx: ExportContext, range: ExportRange): Promise<Message[]> {
  const { event_id, audiences, lastSeq } = range
  const pins: Message[] = []
  for (let after = 0, hasMore = true; hasMore; ) {
    const { rows, has_more } = await ctx.pins.list(event_id, audiences, { after, limit: PAGE_ROWS })
    pins.push(...toMessagesInRange(rows, range))
    after = rows.at(-1)?.message.position ?? after
    hasMore = has_more && after < lastSeq
  }
  return pins
}

/** Lists the users whose names the Markdown format writes with a message: its author, who pinned it, who is quoted. */
const listUserIds = (message: Message): string[] =>
  [message.user_id, message.pinned?.user_id, readQuote(message)?.user_id].flatMap((id) => id ?? [])

/** Looks up the name of each person once. Without a store it looks up no names. */
class NameCache {
  readonly #users: UserStore | null
  readonly #namesById = new Map<string, string>()

  constructor(users: UserStore | null) {
    this.#users = users
  }

  async load(ids: string[]): Promise<void> {
    if (this.#users === null) return
    for (const id of new Set(ids)) {
      if (!this.#namesById.has(id)) this.#namesById.set(id, (await this.#users.find(id))?.username ?? id)
    }
  }

  /** Returns the name that was loaded, or the id itself if none was. */
  get(user_id: string): string {
    return this.#namesById.get(user_id) ?? user_id
  }
}
