export { decode, encodeChange, encodeDeltas, encodeHint } from './message-codec.ts'
export { openPublisher, type Publisher } from './publisher.ts'
export { openSubscriber } from './subscriber.ts'
export type { Subscriber } from './subscriber-interface.ts'
