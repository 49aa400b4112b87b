import type { BullMQAdapter } from '@bull-board/api/bullMQAdapter'

export type BoardQueue = ConstructorParameters<typeof BullMQAdapter>[0]
