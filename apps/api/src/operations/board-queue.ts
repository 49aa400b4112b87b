import type { BullMQAdapter } from '@bull-board/api/bullMQAdapter'

/** Names the `Queue` type of BullMQ, on which this workspace does not depend directly. */
export type BoardQueue = ConstructorParameters<typeof BullMQAdapter>[0]
