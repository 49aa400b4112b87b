import { type ReactNode, useEffect } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { chooseModel, loadModels, useModelRestriction, useModels } from '../../state/asking/models.ts'
import { useRoom } from '../../state/rooms/rooms.ts'
import { mayChooseModel } from '../../text/tlp.ts'

/** Shows a list of models if there are several, and a note if the event's TLP label limits the choice. */
export function ModelPicker({ event_id }: { event_id: string }): ReactNode {
  const t = useMessages()
  const { models, chosenId } = useModels()
  const tlp = useRoom(event_id, ({ event }) => event?.tlp)
  const restriction = useModelRestriction(event_id)
  useEffect(() => {
    void loadModels().catch(() => {}) // After a failure there is no list, and the server chooses.
  }, [])
  if (restriction === 'forbidden') return null
  const allowedModels = models.filter((model) => mayChooseModel(model, tlp))
  return (
    <>
      {models.length > 1 && (
        <select
          className="model"
          aria-label={t.model}
          title={t.model}
          value={allowedModels.some(({ id }) => id === chosenId) ? chosenId : ''}
          onChange={({ target }) => chooseModel(target.value)}
        >
          <option value="">{t.any_model}</option>
          {models.map((model) => (
            <option key={model.id} value={model.id} disabled={!allowedModels.includes(model)}>
              {model.id}
            </option>
          ))}
        </select>
      )}
      {restriction === 'inside' && <span className="quiet">{t.red_limits_models}</span>}
    </>
  )
}
