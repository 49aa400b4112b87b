import { type ReactNode, useEffect } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { chooseModel, loadModels, useModels } from '../../state/asking/models.ts'

/** Shows nothing unless there is a choice. */
export function ModelPicker(): ReactNode {
  const t = useMessages()
  const { models, chosenId } = useModels()
  useEffect(() => {
    void loadModels().catch(() => {}) // The server chooses where there is no picker.
  }, [])
  if (models.length < 2) return null
  return (
    <select
      className="model"
      aria-label={t.model}
      title={t.model}
      value={chosenId ?? ''}
      onChange={({ target }) => chooseModel(target.value)}
    >
      <option value="">{t.any_model}</option>
      {models.map(({ id }) => (
        <option key={id} value={id}>
          {id}
        </option>
      ))}
    </select>
  )
}
