import { StartError } from '../start-error.ts'
import { enginePath } from './engine.ts'
import type { LocalSettings } from '../settings.ts'

/**
 * What plays DynamoDB: the platform's binary, the model of it in the stack's own process, or what
 * DYNAMODB_ENDPOINT names.
 */
export type EngineKind = 'binary' | 'model' | 'endpoint'

/** @throws StartError when the settings ask for a binary that this platform lacks */
export function engineKindOf({ engine }: Pick<LocalSettings, 'engine'>): EngineKind {
  if (engine === 'binary' && enginePath() === undefined) {
    throw new StartError(
      `OVERDUE_ENGINE takes model here: no package brings the binary for ${process.platform}-${process.arch}`,
    )
  }
  if (engine === 'model') return 'model'
  if ((process.env['DYNAMODB_ENDPOINT'] ?? '') !== '') return 'endpoint'
  return enginePath() === undefined ? 'model' : 'binary'
}
