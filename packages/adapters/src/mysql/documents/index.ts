export { createClosedEventStore } from './closed-events.ts'
export { createDocumentStore } from './documents.ts'
export { readPassages } from './read-documents.ts'
export { isDocumentFreeOfLegalHold, removeDocuments } from './remove-documents.ts'
