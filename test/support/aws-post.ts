import type { AwsAnswer, Post } from '../../lambdas/runtime/aws-post.ts'

/** AWS that answers so, and what it was asked. */
export function anAws(answer: AwsAnswer) {
  const posts: (Post & { readonly service: string })[] = []
  return {
    posts,
    post: (service: string, post: Post) =>
      Promise.resolve((posts.push({ service, ...post }), answer)),
  }
}
