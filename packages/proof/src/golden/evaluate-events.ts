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
  /** Gives the share of events of the same group among the events that are listed only because of their text. */
  precision: number
  /** Gives the share of the other events of an event's group that are listed, for groups with similar texts. */
  textRecall: number
  /** Gives the same share for groups whose events have only an indicator in common. */
  indicatorRecall: number
}

/**
 * Stores the events, lists the similar events of each one, and measures for each language how well the lists agree with
 * the groups.
 */
export async function evaluateEvents(stores: Stores, events: GoldenEvent[]): Promise<SimilarStats[]> {
  const eventsById = new Map<string, GoldenEvent>()
  for (const event of events) {
    const event_id = createId()
    eventsById.set(event_id, event)
    const { event_name, message } = event
    await stores.events.create({ event_id, event_name, message, context: '', ...EVENT_FIELDS })
    await indexRoom(stores, event_id)
    await extractIndicators(stores, event_id)
  }
  const outcomes: Outcome[] = []
  for (const [event_id, event] of eventsById) {
    const items = rankSimilar(await stores.similarEvents.findSimilarities(EVERY_PERSON, event_id), LISTED_EVENTS)
    outcomes.push({
      event,
      sameGroup: events.filter((other) => other !== event && other.group === event.group),
      listed: items.map((item) => ({
        isSameGroup: eventsById.get(item.event_id)?.group === event.group,
        hasSharedIndicator: item.shared_indicators.length > 0,
      })),
    })
  }
  return (['en', 'zh'] as const).map((language) => ({
    language,
    ...toStats(outcomes.filter(({ event }) => event.language === language)),
  }))
}

/** Stores the indicators of all messages of a room, in batches, as a worker does. */
async function extractIndicators({ indicators }: Stores, event_id: string): Promise<void> {
  while (await indicators.deriveNextRows(event_id, BATCH_SIZE, INDICATOR_RULES));
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
  /** Lists the other events of the event's group. */
  sameGroup: GoldenEvent[]
  listed: Array<{ isSameGroup: boolean; hasSharedIndicator: boolean }>
}

function toStats(outcomes: Outcome[]): Omit<SimilarStats, 'language'> {
  const textOutcomes = outcomes.filter(({ event }) => !isIndicatorGroup(event))
  const indicatorOutcomes = outcomes.filter(({ event }) => isIndicatorGroup(event))
  const listedByText = outcomes.flatMap(({ listed }) => listed.filter(({ hasSharedIndicator }) => !hasSharedIndicator))
  return {
    precision: listedByText.filter(({ isSameGroup }) => isSameGroup).length / listedByText.length,
    textRecall: measureRecall(textOutcomes),
    indicatorRecall: measureRecall(indicatorOutcomes),
  }
}

/** The events of a group `shared-…` have only an indicator in common. */
const isIndicatorGroup = ({ group }: GoldenEvent): boolean => group.startsWith('shared-')

function measureRecall(outcomes: Outcome[]): number {
  const expectedCount = outcomes.flatMap(({ sameGroup }) => sameGroup).length
  const listedCount = outcomes.flatMap(({ listed }) => listed.filter(({ isSameGroup }) => isSameGroup)).length
  return listedCount / expectedCount
}
