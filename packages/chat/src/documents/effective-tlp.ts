import type { Tlp } from '@engineer-chat/protocol'
import { isStricterTlp } from '../prompting/index.ts'

/** A document of an event is never shared more widely than its event. */
export const getEffectiveTlp = (ownLabel: Tlp, eventLabel: Tlp | null): Tlp =>
  eventLabel === null ? ownLabel : chooseStricterTlp(ownLabel, eventLabel)

export const chooseStricterTlp = (label: Tlp, otherLabel: Tlp): Tlp =>
  isStricterTlp(otherLabel, label) ? otherLabel : label
