/** Why the local stack cannot start, in one line that a person can act upon. */
export class StartError extends Error {}
