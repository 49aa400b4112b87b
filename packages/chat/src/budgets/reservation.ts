import { type Catalogue, listFirstChoices } from '../models/index.ts'
import { estimateMaxSpend, type Spend, takeLargest } from './amounts.ts'

/** Estimates the reservation for a question's first call, before the event's rules choose the model. */
export const estimateReservation = (catalogue: Catalogue, requestedModelId: string | null): Spend =>
  takeLargest(listFirstChoices(catalogue, requestedModelId).map((model) => estimateMaxSpend(model)))
