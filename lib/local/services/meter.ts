/** What one call to AWS used of one table or other resource. */
export type Usage = {
  readonly readUnits: number
  readonly writeUnits: number
  readonly isError: boolean
}

export const nothingUsed: Usage = { readUnits: 0, writeUnits: 0, isError: false }

type CallMeter = { count: number; readUnits: number; writeUnits: number; errors: number }
type FunctionMeter = {
  invocations: number
  billedMs: number
  calls: Record<string, Record<string, CallMeter>>
}

/** Counts what each function uses of AWS. */
export class Meter {
  #functions: Record<string, FunctionMeter> = {}

  /** Lambda bills whole milliseconds, waiting included. */
  invocation(functionName: string, durationMs: number): void {
    const meter = this.#of(functionName)
    meter.invocations += 1
    meter.billedMs += Math.max(1, Math.ceil(durationMs))
  }

  /** @param call `<service>.<Operation>` */
  call(
    functionName: string,
    call: string,
    resource: string,
    { readUnits, writeUnits, isError }: Usage,
  ): void {
    const byResource = (this.#of(functionName).calls[call] ??= {})
    const meter = (byResource[resource] ??= { count: 0, readUnits: 0, writeUnits: 0, errors: 0 })
    meter.count += 1
    meter.readUnits += readUnits
    meter.writeUnits += writeUnits
    if (isError) meter.errors += 1
  }

  read(): { readonly functions: Readonly<Record<string, FunctionMeter>> } {
    return { functions: this.#functions }
  }

  reset(): void {
    this.#functions = {}
  }

  #of(functionName: string): FunctionMeter {
    return (this.#functions[functionName] ??= { invocations: 0, billedMs: 0, calls: {} })
  }
}
