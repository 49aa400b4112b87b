import type { Tlp } from '@engineer-chat/protocol'
import { type Catalogue, listPossibleFirstModels } from '../models/index.ts'
import { computeUpperBound, estimateMaxSpend, type Spend } from './amounts.ts'

/**
 * Estimates the reservation for the first call of a question in an event with this label, before the rules choose a
 * model for the event.
 */
export const estimateReservation = (catalogue: Catalogue, requestedModelId: string | null, tlp: Tlp): Spend =>
  computeUpperBound(listPossibleFirstModels(catalogue, requestedModelId, tlp).map((model) => estimateMaxSpend(model)))
