export { removeFromIndex } from './follow-messages.ts'
export { rankPieces, removePiecesFromIndex } from './pieces.ts'
export { rankMessages } from './rank-messages.ts'
export { createTextIndex } from './text-index.ts'
