import { type Catalogue, listFirstChoices } from '../models/index.ts'
import { estimateMaxSpend, type Spend, takeLargest } from './amounts.ts'

/** What is held for a question's first call, before it is known which model's rules the event meets. */
export const estimateReservation = (catalogue: Catalogue, asked: string | null): Spend =>
  takeLargest(listFirstChoices(catalogue, asked).map((model) => estimateMaxSpend(model)))
