import type { Tlp } from '@engineer-chat/protocol'
import type { ModelEntry } from './catalogue.ts'
import { isAnalyst } from './model-chain.ts'

/**
 * Describes a model or a voice endpoint that receives texts. If `inside` is true, it may read TLP:RED. The offline
 * analyst always may.
 */
export type TextReceiver = Partial<Pick<ModelEntry, 'inside' | 'provider'>>

export const isInside = ({ inside = false, provider = '' }: TextReceiver): boolean => inside || isAnalyst({ provider })

/**
 * Returns true if a text with this label may go to a model or to a voice endpoint. Every place that sends a text or a
 * recording calls this function; docs/models.md lists the places.
 */
export const mayRead = (reader: TextReceiver, tlp: Tlp): boolean => tlp !== 'red' || isInside(reader)
