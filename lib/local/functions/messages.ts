/**
 * Messages between the local stack and a function's process. They travel as JSON, as Lambda's
 * events and results do.
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

/** What the handler's context says of an invocation. */
export type InvocationContext = {
  readonly awsRequestId: string
  readonly functionName: string
  readonly invokedFunctionArn: string
  readonly memoryLimitInMB: string
  readonly deadlineAt: number
}

/** An error as Lambda reports it. */
export type FunctionError = {
  readonly errorType: string
  readonly errorMessage: string
  readonly trace: readonly string[]
}

/** What a process is busy with, once the event loop has had some turns. */
export type Stillness = {
  /** HTTP requests without an answer. */
  readonly requests: number
  /** Whether it waits for anything but the clock and requests: timers, files, look-ups of names. */
  readonly isBusy: boolean
  /** The instants that its invocations wait for. */
  readonly waits: readonly Wait[]
}

export type Wait = { readonly invocation: number; readonly at: number }
