import { listHeadings, parseMarkdown, readFrontMatter } from '@engineer-chat/markdown'
import { DOCUMENT_KINDS, LANGUAGE_PATTERN, TLP_LABELS, type Tlp } from '@engineer-chat/protocol'
import { throwInvalid } from '../shared/index.ts'
import { checkContent, checkTitle, chooseLanguage, type DocumentLimits } from './document-text.ts'
import type { DerivedDocument } from './plan-derived.ts'

const MAX_PATH_UNITS = 512
const MAX_TITLE_UNITS = 255
const LANGUAGE = new RegExp(LANGUAGE_PATTERN)

/**
 * Makes a document from a Markdown file. Front matter names its title, kind, language and TLP label. By default, the
 * title is the first heading or the name of the file, and the kind is a runbook.
 * @throws ChatError validation_failed
 */
export function toFileDocument(path: string, source: string, limits: DocumentLimits): DerivedDocument {
  if (path.length > MAX_PATH_UNITS) throwInvalid('/path', `must have at most ${MAX_PATH_UNITS} characters`)
  const { fields, text } = readFrontMatter(source)
  const { content, pieces } = checkContent({ content: text }, limits)
  const language = fields.get('language')
  return {
    origin: `file ${path}`,
    path,
    title: checkTitle(fields.get('title') || findHeading(content) || toName(path))
      .slice(0, MAX_TITLE_UNITS)
      .toWellFormed(),
    kind: DOCUMENT_KINDS.find((kind) => kind === fields.get('kind')?.toLowerCase()) ?? 'runbook',
    language: chooseLanguage(language !== undefined && LANGUAGE.test(language) ? language : undefined, content),
    tlp: readTlp(fields.get('tlp')),
    access: 'everybody',
    event_id: null,
    content,
    pieces,
  }
}

/** A file with an unknown label is refused, so that no text is shared more widely than its label allows. */
function readTlp(given: string | undefined): Tlp {
  if (given === undefined) return 'amber'
  const label = given.toLowerCase().replace(/^tlp:\s*/, '')
  return TLP_LABELS.find((tlp) => tlp === label) ?? throwInvalid('/tlp', 'must be a label of TLP 2.0')
}

const findHeading = (content: string): string | undefined =>
  listHeadings(parseMarkdown(content)).find(({ title }) => title !== '')?.title

const toName = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '')
