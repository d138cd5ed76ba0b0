import type { AwsCall } from '../host.ts'
import type { Process } from '../process.ts'
import type { World } from '../world.ts'
import type { Service } from './calls.ts'

/** DynamoDB over the model of its tables. It tells of each write to a table with a stream. */
export class Database implements Service {
  readonly #world: World
  readonly #listeners = new Map<string, (() => void)[]>()

  constructor(world: World) {
    this.#world = world
  }

  onWrite(table: string, listener: () => void): void {
    this.#listeners.set(table, [...(this.#listeners.get(table) ?? []), listener])
  }

  perform({ operation, input }: AwsCall, by: Process): object {
    const answer = this.#world.tables.execute(operation, input)
    for (const [table, listeners] of this.#listeners) {
      const stream = this.#world.tables.stream(table)
      const writes = this.#world.writesTo(table)
      if (stream.length === writes.length) continue
      for (const record of stream.slice(writes.length)) {
        writes.push({ at: this.#world.now, by, record })
        this.#world.trace.explain(
          this.#world.now,
          () =>
            `${table}: ${record.eventName} ${JSON.stringify(plain(record.dynamodb?.Keys))} becomes ${JSON.stringify(plain(record.dynamodb?.NewImage))}`,
        )
      }
      for (const listener of listeners) listener()
    }
    return answer
  }
}

/** As short as it can be read. */
function plain(image: object | undefined): object {
  return Object.fromEntries(
    Object.entries(image ?? {}).map(([name, value]) => [
      name,
      Object.values(value as object)[0] as unknown,
    ]),
  )
}
