import { TLP_LABELS, type Tlp } from '@engineer-chat/protocol'

/** A document of an event is never shared more widely than its event. */
export const getEffectiveTlp = (ownLabel: Tlp, eventLabel: Tlp | null): Tlp =>
  eventLabel === null ? ownLabel : chooseStricterTlp(ownLabel, eventLabel)

export const chooseStricterTlp = (label: Tlp, otherLabel: Tlp): Tlp =>
  isStricterTlp(otherLabel, label) ? otherLabel : label

/** Returns true if `label` is stricter than `otherLabel`. The list of labels begins with the least strict one. */
export const isStricterTlp = (label: Tlp, otherLabel: Tlp): boolean =>
  TLP_LABELS.indexOf(label) > TLP_LABELS.indexOf(otherLabel)
