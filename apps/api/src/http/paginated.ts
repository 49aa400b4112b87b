import { Nullable } from '@engineer-chat/protocol'
import { type TSchema, Type } from 'typebox'

/** Creates the schema of a page of a list. */
export const Paginated = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), next_cursor: Nullable(Type.String()) })
