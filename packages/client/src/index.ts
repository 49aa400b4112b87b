export type { Backoff } from './backoff.ts'
export { type Client, type ClientOptions, createClient, type Items } from './client.ts'
export { ApiProblem, ConnectionFailed } from './problem.ts'
export { applyFrame, type RoomFrame } from './room/apply-frame.ts'
export type { LiveReply } from './room/live-reply.ts'
export {
  withMessages,
  withNewerPage,
  withOlderPage,
  withoutPast,
  withoutPending,
  withPast,
  withPending,
} from './room/local-changes.ts'
export {
  emptyRoom,
  isThinking,
  liveReply,
  messageById,
  type PendingSend,
  type RoomState,
  type Stretch,
  shownStretch,
} from './room/state.ts'
export { newClientMessageId, type SendOptions } from './send.ts'
export type { Token } from './sign-in.ts'
export { RoomRefused } from './socket/follow-reply.ts'
export type { ReplyNews } from './socket/reply-update.ts'
export type { Room } from './socket/room-interface.ts'
export { openSocket, type Socket, type SocketOptions, type SocketState } from './socket/socket.ts'
export type { VoiceOptions } from './voice.ts'
