import { escapeHiddenInJson } from '@engineer-chat/markdown'
import type { ExportFormat } from './export-chunks.ts'

/** Creates a document with one message a line, so that a reader can hash a single line without parsing anything. */
export function createJsonFormat(): ExportFormat {
  let lines = 0
  const line = (text: string) => {
    lines += 1
    return `${lines === 1 ? '' : ',\n'}${text}`
  }
  return {
    writeHead: (head) =>
      `{"export":${escapeHiddenInJson(JSON.stringify({ format: 'engineer-chat.room/1', ...head }))},\n"messages":[\n`,
    writeMessage: ({ json, sha256 }) => line(`{"sha256":"${sha256}","message":${json}}`),
    writeTail: () => `${lines === 0 ? '' : '\n'}],\n"count":${lines},\n`,
    writeHashLine: (hash) => `"sha256":"${hash}"}\n`,
  }
}
