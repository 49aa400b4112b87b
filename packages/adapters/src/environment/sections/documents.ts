import { createSection, optional, secondsToMs, TextValue, WholeNumber } from '../variable-types.ts'

// These variables limit documents, and name the folder that workers read them from.

export const documentsSection = createSection('Documents', {
  maxBytes: WholeNumber('DOCUMENT_MAX_BYTES', {
    description:
      'The text of a document may have at most this size in UTF-8. Longer files of `KNOWLEDGE_DIR` are left out. `HTTP_MAX_BODY_BYTES` must be at least twice as large, because a text grows in JSON.',
    unit: 'bytes',
    default: 262_144,
    minimum: 1_024,
    maximum: 4_194_304,
    example: '262144',
  }),
  maxPieces: WholeNumber('DOCUMENT_MAX_PIECES', {
    description: 'A document may be split into at most this many pieces of about 1,500 characters.',
    unit: 'pieces',
    default: 1_000,
    minimum: 1,
    maximum: 10_000,
    example: '1000',
  }),
  keptVersions: WholeNumber('DOCUMENT_KEPT_VERSIONS', {
    description:
      'At most this many earlier versions of a document are kept, and all of them while its event is under a legal hold. `RECORDS_RETENTION_DAYS` also removes versions by their age.',
    unit: 'versions',
    default: 50,
    minimum: 0,
    maximum: 10_000,
    example: '50',
  }),
  maxSearchedPieces: WholeNumber('DOCUMENT_SEARCH_MAX_PIECES', {
    description:
      'A search for parts of words reads the documents that were changed last, up to about this many pieces in total. In older documents, a search finds only whole words.',
    unit: 'pieces',
    default: 10_000,
    minimum: 1,
    maximum: 1_000_000,
    example: '10000',
  }),
  folder: optional(
    TextValue('KNOWLEDGE_DIR', {
      description:
        'A worker stores the Markdown files of this folder as documents for everybody, and removes those that are no longer there. The files stay read-only in the war room.',
      expected: 'the path of a folder that every worker can read',
      minLength: 1,
      example: '/srv/runbooks',
    }),
  ),
  folderIntervalMs: secondsToMs(
    WholeNumber('KNOWLEDGE_INTERVAL', {
      description: 'A worker looks for changed files in `KNOWLEDGE_DIR` at this interval.',
      unit: 's',
      default: 10,
      minimum: 1,
      maximum: 86_400,
      example: '10',
    }),
  ),
  maxFiles: WholeNumber('KNOWLEDGE_MAX_FILES', {
    description: '`KNOWLEDGE_DIR` may hold at most this many Markdown files. If it holds more, no document is changed.',
    unit: 'files',
    default: 2_000,
    minimum: 1,
    maximum: 100_000,
    example: '2000',
  }),
})
