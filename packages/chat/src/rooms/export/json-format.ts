import { escapeHiddenInJson } from '@engineer-chat/markdown'
import type { ExportFormat } from './export-chunks.ts'

/**
 * Creates the format for programs: one JSON object, with one line for each message or document. A reader can check the
 * hash of a message or document without a JSON parser.
 */
export function createJsonFormat(): ExportFormat {
  /** Counts the lines of the current list: first of the messages, then of the documents. */
  let lineCount = 0
  let countField = 'count'
  /** The tail lists the ids of what is left out. */
  const leftOutMessageIds: string[] = []
  const leftOutDocumentIds: string[] = []
  const writeLine = (text: string) => {
    lineCount += 1
    return `${lineCount === 1 ? '' : ',\n'}${text}`
  }
  const writeListEnd = () => `${lineCount === 0 ? '' : '\n'}],\n"${countField}":${lineCount},\n`
  return {
    writeHeader: (header) =>
      `{"export":${escapeHiddenInJson(JSON.stringify({ format: 'engineer-chat.room/1', ...header }))},\n"messages":[\n`,
    writeMessage: ({ json, sha256 }) => writeLine(`{"sha256":"${sha256}","message":${json}}`),
    writeLeftOutMessage({ message_id }) {
      leftOutMessageIds.push(message_id)
      return ''
    },
    openDocuments() {
      const endOfMessages = writeListEnd()
      lineCount = 0
      countField = 'document_count'
      return `${endOfMessages}"documents":[\n`
    },
    writeDocument: ({ json, sha256 }) => writeLine(`{"sha256":"${sha256}","document":${json}}`),
    writeLeftOut({ document_id }) {
      leftOutDocumentIds.push(document_id)
      return ''
    },
    writeTail: () =>
      [
        writeListEnd(),
        writeIds('messages_left_out', leftOutMessageIds),
        writeIds('documents_left_out', leftOutDocumentIds),
      ].join(''),
    writeHashLine: (hash) => `"sha256":"${hash}"}\n`,
  }
}

const writeIds = (field: string, ids: readonly string[]): string =>
  ids.length === 0 ? '' : `"${field}":${JSON.stringify(ids)},\n`
