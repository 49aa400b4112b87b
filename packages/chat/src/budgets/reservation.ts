import { type Catalogue, listPossibleFirstModels } from '../models/index.ts'
import { combineLargest, estimateMaxSpend, type Spend } from './amounts.ts'

/** Estimates the reservation for a question's first call, before the rules choose a model for the event. */
export const estimateReservation = (catalogue: Catalogue, requestedModelId: string | null): Spend =>
  combineLargest(listPossibleFirstModels(catalogue, requestedModelId).map((model) => estimateMaxSpend(model)))
