import type { KnowledgeDocument } from '@engineer-chat/protocol'
import { type EventRights, type RightsLookup, requirePerson, requirePersonRights } from '../people/index.ts'
import { ChatError, type Principal } from '../shared/index.ts'
import type { DocumentStore } from './document-store.ts'

export interface DocumentContext {
  rights: RightsLookup
  documents: DocumentStore
}

/** Refuses agents, because a document may contain chats between people and the AI, and agents never read these. */
const refuseAgent = (caller: Principal): void => requirePerson(caller, 'Agents do not read or write documents.')

/**
 * Finds a document that the caller may read. A document of an event that the caller may not enter is refused as if it
 * did not exist.
 * @throws ChatError document_not_found, forbidden
 */
export async function getReadableDocument(
  ctx: DocumentContext,
  caller: Principal,
  document_id: string,
): Promise<{ document: KnowledgeDocument; rights: EventRights }> {
  refuseAgent(caller)
  const document = await ctx.documents.find(document_id)
  if (!document) throw new ChatError('document_not_found')
  try {
    return { document, rights: await requireDocumentRights(ctx, caller, document.event_id) }
  } catch (error) {
    throw error instanceof ChatError && error.code === 'event_not_found' ? new ChatError('document_not_found') : error
  }
}

/** Finds a document that the caller may change. @throws ChatError document_not_found, document_read_only, forbidden */
export async function getWritableDocument(
  ctx: DocumentContext,
  caller: Principal,
  document_id: string,
): Promise<{ document: KnowledgeDocument; rights: EventRights }> {
  const { document, rights } = await getReadableDocument(ctx, caller, document_id)
  requireWriteRight(rights)
  // A document with a path is a file of the folder of runbooks, so only a change of the file changes it.
  if (document.path !== undefined) throw new ChatError('document_read_only')
  return { document, rights }
}

/**
 * Returns the caller's rights to the documents of an event, or to the documents for everybody if `event_id` is
 * undefined. Every person may write documents for everybody, but only admins manage them.
 * @throws ChatError event_not_found, forbidden
 */
export async function requireDocumentRights(
  ctx: { rights: RightsLookup },
  caller: Principal,
  event_id: string | undefined,
): Promise<EventRights> {
  refuseAgent(caller)
  if (event_id === undefined) return { read: true, ask: true, manage: caller.role === 'admin' }
  return requirePersonRights(ctx, caller, event_id)
}

/** The right to ask is also the right to write documents. */
export function requireWriteRight({ ask }: EventRights): void {
  if (!ask) throw new ChatError('forbidden', 'Observers read only.')
}
