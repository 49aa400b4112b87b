import { TEXT_RULES } from '@engineer-chat/chat/ranking'
import { followRooms, INDICATOR_RULES } from '@engineer-chat/chat/rooms'
import type { Stores } from '@engineer-chat/chat/stores'

const LIMITS = { maxRooms: 10, maxMessages: 100 }

/** Extracts the indicators of new messages, as a worker does. Resolves to true if there may be more of them. */
export const extractIndicators = ({ indicators }: Pick<Stores, 'indicators'>): Promise<boolean> =>
  followRooms(indicators, INDICATOR_RULES, LIMITS)

/** Indexes the texts of new messages, as a worker does. Resolves to true if there may be more of them. */
export const indexTexts = ({ textIndex }: Pick<Stores, 'textIndex'>): Promise<boolean> =>
  followRooms(textIndex, TEXT_RULES, LIMITS)
