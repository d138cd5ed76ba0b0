const MINUTE_MS = 60_000
/** CloudWatch keeps more; nobody here asks for it. */
const KEPT_MS = 86_400_000

/** The metrics of Lambda that somebody asks for. */
export type MetricName = 'Errors' | 'Throttles' | 'Url5xxCount'

/** The metrics of functions by the minute, as CloudWatch has them. */
export class Metrics {
  readonly #clock: { now(): number }
  readonly #sums = new Map<string, Map<number, number>>()

  constructor(clock: { now(): number }) {
    this.#clock = clock
  }

  add(functionName: string, metric: MetricName): void {
    const key = `${functionName} ${metric}`
    const sums = this.#sums.get(key) ?? new Map<number, number>()
    const minute = Math.floor(this.#clock.now() / MINUTE_MS) * MINUTE_MS
    for (const at of sums.keys()) if (at < minute - KEPT_MS) sums.delete(at)
    sums.set(minute, (sums.get(minute) ?? 0) + 1)
    this.#sums.set(key, sums)
  }

  /** The sums of the minutes that begin between two instants, the first included. */
  sums(
    functionName: string,
    metric: string,
    { from, to }: { readonly from: number; readonly to: number },
  ): readonly number[] {
    const sums = this.#sums.get(`${functionName} ${metric}`) ?? new Map<number, number>()
    return [...sums].filter(([minute]) => minute >= from && minute < to).map(([, sum]) => sum)
  }
}
