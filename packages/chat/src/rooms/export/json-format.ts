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
  const leftOutIds: string[] = []
  const writeLine = (text: string) => {
    lineCount += 1
    return `${lineCount === 1 ? '' : ',\n'}${text}`
  }
  const writeListEnd = () => `${lineCount === 0 ? '' : '\n'}],\n"${countField}":${lineCount},\n`
  return {
    writeHeader: (header) =>
      `{"export":${escapeHiddenInJson(JSON.stringify({ format: 'engineer-chat.room/1', ...header }))},\n"messages":[\n`,
    writeMessage: ({ json, sha256 }) => writeLine(`{"sha256":"${sha256}","message":${json}}`),
    openDocuments() {
      const endOfMessages = writeListEnd()
      lineCount = 0
      countField = 'document_count'
      return `${endOfMessages}"documents":[\n`
    },
    writeDocument: ({ json, sha256 }) => writeLine(`{"sha256":"${sha256}","document":${json}}`),
    writeLeftOut({ document_id }) {
      // The tail lists the ids.
      leftOutIds.push(document_id)
      return ''
    },
    writeTail() {
      const leftOutField = leftOutIds.length === 0 ? '' : `"documents_left_out":${JSON.stringify(leftOutIds)},\n`
      return writeListEnd() + leftOutField
    },
    writeHashLine: (hash) => `"sha256":"${hash}"}\n`,
  }
}
