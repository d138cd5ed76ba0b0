import type { AwsPost, PostedService } from '../runtime/aws-post.ts'
import { boundedCalls, type CallLimits } from '../runtime/bounded-calls.ts'
import { Service } from './service.ts'
import { ServiceError } from './service-error.ts'

/** A fresh connection, because a kept one that has died would cost the only attempt. */
const limits: CallLimits = {
  connectionTimeoutMs: 3000,
  requestTimeoutMs: 10_000,
  maxAttempts: 1,
  isConnectedAnew: true,
}

/** Posts once. The caller decides what an answer means, and whether to try again. */
export function makeAwsPost(): AwsPost {
  const services: Partial<Record<PostedService, Service>> = {}
  return async (name, post) => {
    const service = (services[name] ??= new Service(name, boundedCalls(limits)))
    try {
      return await service.call({ path: '/', ...post }, ({ status, text }) => ({ status, text }))
    } catch (error) {
      if (error instanceof ServiceError) return { status: error.status, text: error.text }
      throw error
    }
  }
}
