import type { ListedDocument } from '@engineer-chat/protocol'
import { escapeToOneLine, quoteMarkdown } from './escape-markdown.ts'
import type { ExportedDocument } from './export-chunks.ts'
import type { ExportTexts } from './export-texts.ts'

type WriteName = (user_id: string) => string

/** Lists the documents whose texts follow the messages. */
export const writeDocumentList = (
  texts: ExportTexts,
  writeName: WriteName,
  documentList: readonly ListedDocument[],
): string =>
  documentList.length === 0
    ? `${texts.noDocuments}\n`
    : documentList
        .map((document) => `- **${escapeToOneLine(document.title)}** · ${writeFacts(texts, writeName, document)}\n`)
        .join('')

/** Writes the text of a document as a quotation, so that its headings are not taken for headings of the file. */
export function writeDocument(
  texts: ExportTexts,
  writeName: WriteName,
  { document, sha256 }: ExportedDocument,
): string {
  const { title, document_id, content } = document
  const facts = `${writeFacts(texts, writeName, document)} · \`${document_id}\``
  return `### ${escapeToOneLine(title)}\n\n${facts}\n\n${quoteMarkdown(content)}\n\n\`sha256 ${sha256}\`\n\n`
}

export const writeLeftOut = (texts: ExportTexts, { title, document_id }: ListedDocument): string =>
  `### ${escapeToOneLine(title)}\n\n${texts.documentLeftOut} · \`${document_id}\`\n\n`

function writeFacts(texts: ExportTexts, writeName: WriteName, document: ListedDocument): string {
  const { kind, version, tlp, updated_by, updated_at } = document
  const authorAndTime =
    updated_by === null ? texts.writtenByProduct(updated_at) : texts.writtenBy(writeName(updated_by), updated_at)
  const label = `**TLP:${tlp.toUpperCase()}**`
  return [texts.documentKind[kind], texts.documentVersion(version), label, authorAndTime].join(' · ')
}
