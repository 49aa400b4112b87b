import { type Catalogue, firstChoices } from '../models/index.ts'
import { type Amount, atMost, largest } from './amounts.ts'

/** What is held for a question's first call, before it is known which model's rules the event meets. */
export const holdFor = (catalogue: Catalogue, asked: string | null): Amount =>
  largest(firstChoices(catalogue, asked).map((model) => atMost(model)))
