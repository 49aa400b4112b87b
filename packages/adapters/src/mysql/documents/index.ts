export { createClosingStore } from './closings.ts'
export { createDocumentStore } from './documents.ts'
export { readPassages } from './read-documents.ts'
export { isDocumentNotHeld, removeDocuments } from './remove-documents.ts'
