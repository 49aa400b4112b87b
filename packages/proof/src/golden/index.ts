export { type DocumentStats, evaluateDocuments, type Search } from './evaluate-documents.ts'
export { evaluateEvents, type SimilarStats } from './evaluate-events.ts'
export {
  createFollowUpQuery,
  evaluateRooms,
  listDocumentQueries,
  toFollowUpQuery,
  toQueryAfterAnotherTopic,
} from './evaluate-rooms.ts'
export { indexRoom } from './index-room.ts'
export { readGoldenSet } from './read-golden-set.ts'
export { listRoomLines, type RoomLine } from './room-lines.ts'
export { createSearch, storeDocuments } from './store-documents.ts'
export type { GoldenDocument, GoldenEvent, GoldenQuery, GoldenRoom, GoldenSet } from './types.ts'
