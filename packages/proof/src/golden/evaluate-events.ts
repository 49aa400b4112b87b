import { EVERY_PERSON, rankSimilar } from '@engineer-chat/chat/ranking'
import { INDICATOR_RULES } from '@engineer-chat/chat/rooms'
import { createId } from '@engineer-chat/chat/shared'
import type { Stores } from '@engineer-chat/chat/stores'
import { indexRoom } from './index-room.ts'
import type { GoldenEvent } from './types.ts'

/** By default, the page and the API list this number of similar events. */
const LISTED_EVENTS = 5
const BATCH_SIZE = 100

export interface SimilarStats {
  language: GoldenEvent['language']
  /** Gives the share of events of the same group among the events that are listed without a shared indicator. */
  precision: number
  /** Gives the share of listed events among the events of a group with similar texts. */
  recall: number
  /** Gives the share of listed events among the events of a group with a shared indicator. */
  sharedRecall: number
}

/** Lists similar events for each event, and measures for each language how well the lists agree with the groups. */
export async function evaluateEvents(stores: Stores, events: GoldenEvent[]): Promise<SimilarStats[]> {
  const eventsById = new Map<string, GoldenEvent>()
  for (const event of events) {
    const event_id = createId()
    eventsById.set(event_id, event)
    const { event_name, message } = event
    await stores.events.create({ event_id, event_name, message, context: '', ...EVENT_FIELDS })
    await indexRoom(stores, event_id)
    while (await stores.indicators.readNextMessages(event_id, BATCH_SIZE, INDICATOR_RULES));
  }
  const outcomes: Outcome[] = []
  for (const [event_id, event] of eventsById) {
    const items = rankSimilar(await stores.similarEvents.findCommon(EVERY_PERSON, event_id), LISTED_EVENTS)
    outcomes.push({
      event,
      similar: events.filter((other) => other !== event && other.group === event.group),
      listed: items.map((item) => ({
        isSimilar: eventsById.get(item.event_id)?.group === event.group,
        isShared: item.shared_indicators.length > 0,
      })),
    })
  }
  return (['en', 'zh'] as const).map((language) => ({
    language,
    ...toStats(outcomes.filter(({ event }) => event.language === language)),
  }))
}

const EVENT_FIELDS = {
  severity: 'high',
  source: 'golden set',
  access: 'open',
  tlp: 'amber',
  created_by: null,
} as const

interface Outcome {
  event: GoldenEvent
  similar: GoldenEvent[]
  listed: Array<{ isSimilar: boolean; isShared: boolean }>
}

function toStats(outcomes: Outcome[]): Omit<SimilarStats, 'language'> {
  const textOutcomes = outcomes.filter(({ event }) => !event.group.startsWith('shared-'))
  const indicatorOutcomes = outcomes.filter(({ event }) => event.group.startsWith('shared-'))
  const listedForText = outcomes.flatMap(({ listed }) => listed.filter(({ isShared }) => !isShared))
  return {
    precision: listedForText.filter(({ isSimilar }) => isSimilar).length / listedForText.length,
    recall: measureRecall(textOutcomes),
    sharedRecall: measureRecall(indicatorOutcomes),
  }
}

const measureRecall = (outcomes: Outcome[]): number =>
  countItems(outcomes.map(({ listed }) => listed.filter(({ isSimilar }) => isSimilar))) /
  countItems(outcomes.map(({ similar }) => similar))

const countItems = (lists: unknown[][]): number => lists.reduce((sum, { length }) => sum + length, 0)
