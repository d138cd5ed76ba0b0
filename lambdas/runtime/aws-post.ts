/**
 * A POST to the root of a service of AWS. SNS, EventBridge and CloudWatch are asked by nothing else
 * here.
 */
export type AwsPost = (service: PostedService, post: Post) => Promise<AwsAnswer>
/** As the service is spelled in its host name and in signatures; CloudWatch is `monitoring`. */
export type PostedService = 'sns' | 'events' | 'monitoring'
export type Post = { readonly headers: Readonly<Record<string, string>>; readonly body: string }
export type AwsAnswer = { readonly status: number; readonly text: string }
