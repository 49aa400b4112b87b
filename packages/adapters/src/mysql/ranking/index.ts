export { removeFromIndex } from './follow-messages.ts'
export { rankPieces, removePiecesFromIndex } from './pieces.ts'
export { createTextIndex } from './text-index.ts'
