import type { AwsPost, PostedService } from '../runtime/aws-post.ts'
import { Service } from './service.ts'
import { ServiceError } from './service-error.ts'

/** A kept connection that died while the function was frozen would cost the one attempt. */
const settings = { maxAttempts: 1, requestHandler: { requestTimeout: 10_000 }, keepAlive: false }

/** One try a call; who asks decides what an answer means, and comes again. */
export function makeAwsPost(): AwsPost {
  const services: Partial<Record<PostedService, Service>> = {}
  return async (name, post) => {
    const service = (services[name] ??= new Service(name, settings))
    try {
      return await service.call({ path: '/', ...post }, ({ status, text }) => ({ status, text }))
    } catch (error) {
      if (error instanceof ServiceError) return { status: error.status, text: error.text }
      throw error
    }
  }
}
