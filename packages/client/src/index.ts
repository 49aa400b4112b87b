export type { Backoff } from './backoff.ts'
export { type Client, type ClientOptions, createClient } from './client.ts'
export { ApiProblem, ConnectionFailedError } from './problem.ts'
export type { CursorPage } from './requests.ts'
export { applyFrame, type RoomFrame } from './room/apply-frame.ts'
export type { ReplyInProgress } from './room/reply-in-progress.ts'
export {
  createRoomState,
  findMessage,
  findReplyInProgress,
  findShownRange,
  isThinking,
  type MessageRange,
  type RoomState,
} from './room/state.ts'
export {
  addMessages,
  addNewerPage,
  addOlderPage,
  leaveOlderRange,
  showOlderRange,
} from './room/state-updates.ts'
export { createClientMessageId, type SendOptions } from './send.ts'
export type { AccessToken } from './sign-in.ts'
export { RoomClosedError, RoomRefusedError } from './socket/follow-reply.ts'
export type { ReplyUpdate } from './socket/reply-update.ts'
export type { Room } from './socket/room-interface.ts'
export { openSocket } from './socket/socket.ts'
export type { Socket, SocketOptions, SocketState } from './socket/socket-interface.ts'
export type { VoiceOptions } from './voice.ts'
