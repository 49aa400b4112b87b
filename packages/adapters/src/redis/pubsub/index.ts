export { decodeMessage, decodeUnsigned, encodeChange, encodeHint, encodeTextDeltas } from './message-codec.ts'
export { openPublisher, type Publisher } from './publisher.ts'
export { openSubscriber } from './subscriber.ts'
export type { Subscriber } from './subscriber-interface.ts'
