import type { KnowledgeDocument } from '@engineer-chat/protocol'

type WrittenDocument = Pick<KnowledgeDocument, 'title' | 'kind' | 'language' | 'tlp' | 'content'>

/**
 * Formats a document as a Markdown file with front matter. The form for a document and the server's folder of runbooks
 * can read such a file.
 */
export const toMarkdownFile = ({ title, kind, language, tlp, content }: WrittenDocument): string =>
  ['---', `title: ${quote(title)}`, `kind: ${kind}`, `language: ${language}`, `tlp: TLP:${tlp.toUpperCase()}`, '---']
    .map((line) => `${line}\n`)
    .join('') + content

/**
 * Puts the title in double quotation marks. A title with `"` or `\` gets single ones, because the parser of front
 * matter reads no YAML escapes. If it also contains `'`, it gets none.
 */
function quote(title: string): string {
  if (!/["\\]/.test(title)) return `"${title}"`
  return title.includes("'") ? title : `'${title}'`
}
