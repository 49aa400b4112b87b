import type { DocumentStore, NewDocument } from '@engineer-chat/chat/documents'
import { ChatError, type Items } from '@engineer-chat/chat/shared'
import type { DocumentVersion, KnowledgeDocument } from '@engineer-chat/protocol'
import { and, desc, eq, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import {
  type Database,
  ifGiven,
  type Mysql,
  NOW_UNDER_LOCK,
  runAlone,
  type Tx,
  toDatabase,
  toItems,
  transaction,
} from '../core/index.ts'
import { documents, documentVersions, events } from '../schema/index.ts'
import { DOCUMENT_COLUMNS, toDocument } from './document-row.ts'
import { importDocument } from './import-document.ts'
import { findFittingPieces, listDocuments, searchPieces } from './read-documents.ts'
import { insertPieces, removePieces, replaceText } from './write-documents.ts'

export function createDocumentStore(mysql: Mysql): DocumentStore {
  const { pool } = mysql
  const db = toDatabase(pool)
  return {
    create: (document) => transaction(pool, (tx) => createDocument(tx, document)),
    find: (document_id) => findDocument(db, document_id),
    findVersion: (document_id, version) => findVersion(db, document_id, version),
    list: (caller, query) => listDocuments(db, caller, query),
    listVersions: (document_id, query) => listVersions(db, document_id, query),
    update: (document_id, { version, keptVersions, pieces, ...text }) =>
      transaction(pool, async (tx) => {
        const stored = await lockDocument(tx, document_id)
        if (stored.version !== version) throw new ChatError('version_conflict')
        await replaceText(tx, document_id, { text, pieces, keptVersions })
        return getDocument(toDatabase(tx), document_id)
      }),
    remove: (document_id) =>
      transaction(pool, async (tx) => {
        await lockDocument(tx, document_id)
        await removeDocument(tx, document_id)
      }),
    search: (caller, query) => searchPieces(db, caller, query),
    findFitting: (caller, query) => findFittingPieces(pool, caller, query),
    importDocument: (document, keptVersions) => importDocument(pool, document, keptVersions),
    listFiles: () => listFiles(db),
    runAlone: (name, work) => runAlone(mysql, name, work),
  }
}

async function createDocument(tx: Tx, { pieces, ...document }: NewDocument): Promise<KnowledgeDocument> {
  const db = toDatabase(tx)
  await db.insert(documents).values(document)
  await insertPieces(db, document.document_id, pieces)
  return getDocument(db, document.document_id)
}

async function findDocument(db: Database, document_id: string): Promise<KnowledgeDocument | undefined> {
  const [row] = await db
    .select(DOCUMENT_COLUMNS)
    .from(documents)
    .leftJoin(events, eq(events.event_id, documents.event_id))
    .where(and(eq(documents.document_id, document_id), isNull(documents.removed_at)))
  return row && toDocument(row)
}

async function getDocument(db: Database, document_id: string): Promise<KnowledgeDocument> {
  const document = await findDocument(db, document_id)
  if (!document) throw new ChatError('document_not_found')
  return document
}

async function lockDocument(tx: Tx, document_id: string): Promise<{ version: number }> {
  const [stored] = await toDatabase(tx)
    .select({ version: documents.version })
    .from(documents)
    .where(and(eq(documents.document_id, document_id), isNull(documents.removed_at)))
    .for('update')
  if (!stored) throw new ChatError('document_not_found')
  return stored
}

/** Raises the version number, so that a reader that compares versions sees the removal as a change. */
async function removeDocument(tx: Tx, document_id: string): Promise<void> {
  await toDatabase(tx)
    .update(documents)
    .set({ removed_at: NOW_UNDER_LOCK, version: sql`${documents.version} + 1` })
    .where(eq(documents.document_id, document_id))
  await removePieces(tx, document_id)
}

const { title, kind, language, tlp, content, updated_by, updated_at, version } = documentVersions
const VERSION_COLUMNS = { version, title, kind, updated_by, updated_at }

async function findVersion(
  db: Database,
  document_id: string,
  versionNumber: number,
): Promise<KnowledgeDocument | undefined> {
  const [row] = await db
    .select({ ...DOCUMENT_COLUMNS, ...VERSION_COLUMNS, language, tlp, content })
    .from(documentVersions)
    .innerJoin(documents, eq(documents.document_id, documentVersions.document_id))
    .leftJoin(events, eq(events.event_id, documents.event_id))
    .where(and(eq(documentVersions.document_id, document_id), eq(version, versionNumber), isNull(documents.removed_at)))
  return row && toDocument(row)
}

async function listVersions(
  db: Database,
  document_id: string,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<Items<DocumentVersion>> {
  const isEarlier = ifGiven(cursor, (number) => lt(version, Number(number) || 0))
  const earlier = await db
    .select(VERSION_COLUMNS)
    .from(documentVersions)
    .where(and(eq(documentVersions.document_id, document_id), isEarlier))
    .orderBy(desc(version))
    .limit(limit + 1)
  const newest = cursor === undefined ? await findDocument(db, document_id) : undefined
  const all = newest ? [toVersion(newest), ...earlier] : earlier
  return toItems(all, limit, ({ version }) => String(version))
}

const toVersion = ({ version, title, kind, updated_by, updated_at }: KnowledgeDocument): DocumentVersion => ({
  version,
  title,
  kind,
  updated_by,
  updated_at,
})

async function listFiles(db: Database): Promise<Array<{ document_id: string; path: string }>> {
  const rows = await db
    .select({ document_id: documents.document_id, path: documents.path })
    .from(documents)
    .where(and(isNotNull(documents.path), isNull(documents.removed_at)))
  return rows.flatMap(({ document_id, path }) => (path === null ? [] : [{ document_id, path }]))
}
