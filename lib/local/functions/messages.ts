/**
 * What the local stack tells a function's process, and what it hears from it: as JSON, which is
 * what Lambda makes of events and results.
 */
export type ToFunction =
  | {
      readonly kind: 'load'
      readonly bundle: string
      readonly handler: string
      readonly offsetMs: number
    }
  | { readonly kind: 'clock'; readonly offsetMs: number }
  | {
      readonly kind: 'invoke'
      readonly id: number
      readonly event: unknown
      readonly context: InvocationContext
    }
  | { readonly kind: 'probe'; readonly id: number }

export type FromFunction =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'load-failed'; readonly error: FunctionError }
  | { readonly kind: 'returned'; readonly id: number; readonly payload: string }
  | { readonly kind: 'threw'; readonly id: number; readonly error: FunctionError }
  | ({ readonly kind: 'probed'; readonly id: number } & Stillness)

/** What the handler's context tells of an invocation. */
export type InvocationContext = {
  readonly awsRequestId: string
  readonly functionName: string
  readonly invokedFunctionArn: string
  readonly memoryLimitInMB: string
  readonly deadlineAt: number
}

/** An error as Lambda hands it on. */
export type FunctionError = {
  readonly errorType: string
  readonly errorMessage: string
  readonly trace: readonly string[]
}

/** What a process is still at, once all that could go on had its turn. */
export type Stillness = {
  /** HTTP requests without an answer. */
  readonly requests: number
  /**
   * Whether anything but the clock and those requests will wake it: timers, files, name look-ups.
   */
  readonly isBusy: boolean
  /** What its invocations wait for on the clock. */
  readonly waits: readonly Wait[]
}

export type Wait = { readonly invocation: number; readonly at: number }
